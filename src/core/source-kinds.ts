/** What a study can rerun; `own`: nothing but what it says itself. */
export const sourceKinds = ['paper', 'post', 'RFC', 'documentation', 'own'] as const;

export type SourceKind = (typeof sourceKinds)[number];
