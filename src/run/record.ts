import type { RunRecord } from '../evidence/run-record.ts';
import type { FurtherGuest, RunStart, ToldEvent } from './events.ts';

/** Takes out of a text what the record may not name: the folders of this machine. */
export type Clean = (text: string) => string;

/** The record of a run whose events these are, as far as they go; null before its start. A pure function of them. */
export function foldRecord(events: Iterable<ToldEvent>, clean: Clean): RunRecord | null {
  let record: RunRecord | null = null;
  for (const event of events) record = nextRecord(record, event, clean);
  return record;
}

/** The record after one more event. */
export function nextRecord(record: RunRecord | null, event: ToldEvent, clean: Clean): RunRecord | null {
  if (event.kind === 'run-start') return firstRecord(event, clean);
  return record === null ? null : changed(record, event, clean);
}

/** Why a run is partial that did not live to say why. */
export const killedReason = 'The run was killed.';

/** As it would read if the run were killed now; so even a killed run can be reported on. */
function firstRecord(
  { study, experiments, until, asked, host, time }: RunStart & { time: string },
  clean: Clean,
): RunRecord {
  return {
    format: 2,
    state: 'partial',
    reason: killedReason,
    startedAt: time,
    study: {
      id: study.id,
      file: study.file,
      experiments: experiments.map(({ id }) => id),
      ...(until !== null && { until }),
    },
    choice: { asked: clean(asked), passedOver: [] },
    guest: null,
    host,
    reconnections: 0,
    timings: [],
  };
}

function changed(record: RunRecord, event: ToldEvent, clean: Clean): RunRecord {
  switch (event.kind) {
    case 'guest-chosen': {
      const { asked, passedOver } = event;
      return { ...record, choice: { asked, passedOver: passedOver.map((each) => cleaned(each, clean)) } };
    }
    case 'guest-failed': {
      const { asked, passedOver } = record.choice;
      return { ...record, choice: { asked, passedOver: [...passedOver, cleaned(event, clean)] } };
    }
    case 'guest-ready':
      return { ...record, guest: event.guest };
    case 'further-guest':
      return { ...record, furtherGuests: [...(record.furtherGuests ?? []), furtherGuest(event)] };
    case 'resumed': {
      const { experiment, step, startedAt } = event;
      return { ...record, resumed: { experiment, step, startedAt } };
    }
    case 'connection-lost':
      return { ...record, reconnections: record.reconnections + 1 };
    case 'part-end':
      return { ...record, timings: [...record.timings, timingOf(event)] };
    case 'run-end':
      return { ...record, state: event.state, reason: event.failure && clean(event.failure.message) };
    default:
      return record;
  }
}

function furtherGuest({ experiments, start, seed }: FurtherGuest): FurtherGuest {
  return { experiments, start, seed };
}

function cleaned(
  { guest, reason }: { guest: string; reason: string },
  clean: Clean,
): { guest: string; reason: string } {
  return { guest, reason: clean(reason) };
}

function timingOf(event: ToldEvent & { readonly kind: 'part-end' }): RunRecord['timings'][number] {
  const { ms } = event;
  return event.part === 'experiment'
    ? { part: event.part, experiment: event.experiment, ms }
    : { part: event.part, ms };
}
