/** Loads Vega, which lays the plots out and takes a while to load. */
export async function loadPlots(): Promise<void> {
  const { loadVega } = await import('../plot/vega.ts');
  await loadVega();
}
