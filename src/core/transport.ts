/** How commands and files get into a guest, and what they print gets out: over SSH, say. */
export interface GuestTransport {
  /**
   * Runs a command line by the guest's `/bin/sh` as root. A non-zero exit status is data. Rejects with
   * ConnectionLostError when the channel breaks meanwhile, with GuestError when none can be had, or with the signal's
   * reason.
   */
  execute(command: string, options?: ExecuteOptions): Promise<ExecuteResult>;

  /** Writes files below `folder` (made when missing, mode 0700). One round trip, verified by the guest. */
  upload(folder: string, files: readonly UploadFile[], signal?: AbortSignal): Promise<void>;

  /** Settles when the guest went away without being asked to, for good; rejects never. */
  readonly lost: Promise<GuestLoss>;
}

export interface ExecuteOptions {
  /** Called for each piece of standard output as it arrives. Without it, output is collected. */
  readonly onOutput?: (chunk: Buffer) => void;
  /** Written to the command's standard input, then end of file. */
  readonly input?: Buffer;
  /** Keeps standard input open until it is aborted. */
  readonly inputUntil?: AbortSignal;
  readonly signal?: AbortSignal;
}

export interface ExecuteResult {
  /** null: ended by a signal, or the other end sent none. Through sudo, a signal is 128 and its number, as in a shell. */
  readonly status: number | null;
  readonly output: Buffer;
  readonly errorOutput: Buffer;
}

export interface UploadFile {
  /** Relative, `/`-separated. */
  readonly path: string;
  readonly content: Buffer;
  readonly executable: boolean;
}

export interface GuestLoss {
  readonly reason: string;
}
