/** The wall clock of every machine whose clock is virtual, when it is switched on: 1 January 2026, in ms since 1970. */
export const startsAtMs = Date.UTC(2026, 0, 1);
