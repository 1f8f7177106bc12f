import type { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { messageOf } from '../../core/errors.ts';

/** The connection to the monitor has ended; mostly since QEMU has. */
export class MonitorLostError extends Error {
  constructor(why: string) {
    super(`the connection to QEMU's monitor broke: ${why}`);
  }
}

/**
 * The QEMU Machine Protocol: one JSON object a line, each way (docs/interop/qmp-spec.rst of QEMU). We send one command
 * after another, and skip events.
 */
export class Qmp {
  readonly #socket: Socket;
  readonly #answers: AsyncIterator<string>;
  #queue: Promise<unknown> = Promise.resolve();

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('error', () => undefined); // the command that is under way tells, by the end of the lines
    const lines = createInterface({ input: socket });
    socket.on('close', () => {
      lines.close(); // of a socket that was destroyed it hears nothing by itself
    });
    this.#answers = lines[Symbol.asyncIterator]();
  }

  /** Takes a connected socket; resolves once QEMU takes commands. */
  static async open(socket: Socket): Promise<Qmp> {
    const qmp = new Qmp(socket);
    qmp.#read(await qmp.#line(), greeting);
    await qmp.execute('qmp_capabilities');
    return qmp;
  }

  /** What a command returns. Rejects with QEMU's own words, or with MonitorLostError. */
  execute(command: string, args?: Readonly<Record<string, unknown>>): Promise<unknown> {
    const answer = this.#queue.then(async () => {
      this.#socket.write(`${JSON.stringify({ execute: command, ...(args && { arguments: args }) })}\n`);
      return this.#answer(command);
    });
    this.#queue = answer.catch(() => undefined);
    return answer;
  }

  /** Runs a command of QEMU's monitor for people, where QMP has none. Resolves with what it prints. */
  async monitor(line: string): Promise<string> {
    return z.string().parse(await this.execute('human-monitor-command', { 'command-line': line }));
  }

  close(): void {
    this.#socket.destroy();
  }

  async #answer(command: string): Promise<unknown> {
    for (;;) {
      const message = this.#read(await this.#line(), response);
      if ('event' in message) continue;
      if ('return' in message) return message.return;
      throw new Error(`QEMU refuses ${command}: ${message.error.desc}`);
    }
  }

  /** After a line that is none of the protocol no other can be trusted to be the answer to its command. */
  #read<T>(line: string, schema: z.ZodType<T>): T {
    try {
      return schema.parse(JSON.parse(line));
    } catch {
      this.close();
      throw new MonitorLostError(`it said what is none of its protocol: ${line.slice(0, mostSaid)}`);
    }
  }

  async #line(): Promise<string> {
    const next = await this.#answers.next().catch((error: unknown) => {
      throw new MonitorLostError(messageOf(error));
    });
    if (next.done === true) throw new MonitorLostError('it was closed');
    return next.value;
  }
}

/** Characters of a line that is told. */
const mostSaid = 200;

const greeting = z.object({ QMP: z.object({ version: z.unknown() }) });
const response = z.union([
  z.object({ event: z.string() }),
  z.object({ error: z.object({ desc: z.string() }) }),
  z.object({ return: z.unknown() }),
]);
