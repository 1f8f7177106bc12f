import { chmod, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileTeardowns } from '../support/teardowns.ts';
import { studyFor, type Phase } from './phases.ts';

/** Where one trial is: nothing of it is anywhere else, so that what is left behind is seen. */
export interface Place {
  readonly base: string;
  readonly study: string;
  /** Of the run; not there yet. */
  readonly out: string;
  /** For temporary files; empty. */
  readonly temporary: string;
  /** The cache, which trials share that do nothing to it. */
  readonly cache: string;
  /** A folder with programs; there is no other on the PATH. */
  readonly programs: string;
  /** Undoes what a fault did to this machine. */
  readonly teardowns: FileTeardowns;
}

/** Makes it; `remove` takes it all away again. */
export async function makePlace(phase: Phase, cache: string): Promise<Place & { remove: () => Promise<void> }> {
  const base = await realpath(await mkdtemp(join(tmpdir(), 'refigure-fault-')));
  const place = {
    base,
    study: join(base, 'study'),
    out: join(base, 'runs', 'run'),
    temporary: join(base, 'temporary'),
    cache,
    programs: join(base, 'programs'),
    teardowns: new FileTeardowns(),
  };
  for (const folder of [place.study, join(base, 'runs'), place.temporary, place.programs]) await mkdir(folder);
  await writeFile(join(place.study, 'study.yaml'), studyFor(phase));
  const remove = async (): Promise<void> => {
    await place.teardowns.end();
    await rm(base, { recursive: true, force: true });
  };
  return { ...place, remove };
}

/** A Vagrant that takes two seconds to say that it does not work: so long a guest is being chosen. */
export async function addSlowVagrant({ programs }: Place): Promise<void> {
  const path = join(programs, 'vagrant');
  await writeFile(path, '#!/bin/sh\nexec /bin/sleep 2\n');
  await chmod(path, 0o755);
}
