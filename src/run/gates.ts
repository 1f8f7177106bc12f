import { shellQuote } from '../core/shell.ts';
import type { GuestFolders } from './plan.ts';
import type { ProgramFile } from './program.ts';

/**
 * A plan with gates has a file for each step, and waits at a gate after each: whoever follows it can keep the guest's state
 * there. A guest that goes on from such a state waits at the same gate, and finds the steps behind it as they are then. A
 * gate is a pipe, so that nothing runs in the guest while its plan waits.
 */
export function gatedLines({ base }: GuestFolders, name: string): string {
  const [step, gate] = [
    `${shellQuote(`${base}/gated/${name}`)}-$rf_gate`,
    `${shellQuote(`${base}/gate-${name}`)}-$rf_gate`,
  ];
  return [
    'rf_gate=1',
    `while [ -e ${step} ]; do`,
    `. ${step}`,
    'rf_gate=$((rf_gate + 1))',
    `[ -e ${gate} ] || mkfifo ${gate}`,
    `: <${gate}`,
    'done',
  ].join('\n');
}

/** The lines of a step; `number`: of the step in its experiment, from 1. */
export function gatedFile(name: string, number: number, lines: string): ProgramFile {
  return [`gated/${name}-${number}`, Buffer.from(`${lines}\n`)];
}

/** Lets a plan go on to a step, by its number; also one that comes to the gate later. */
export function openGate({ base }: GuestFolders, name: string, number: number): string {
  return `: >${shellQuote(`${base}/gate-${name}-${number}`)}`;
}
