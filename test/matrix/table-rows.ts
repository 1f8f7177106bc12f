/** The lines that a page's table has of a study, whose name is their first column. */
export function rowsOf(page: string, study: string): string[] {
  return page.split('\n').filter((line) => line.startsWith('|') && line.split('|')[1]?.trim() === study);
}
