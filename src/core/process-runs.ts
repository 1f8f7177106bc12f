/** Whether a process of this machine runs, by its id; also one that belongs to somebody else. */
export function processRuns(pid: number): boolean {
  try {
    process.kill(pid, 0); // no signal is sent
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
