import { guestFacts } from '../../evidence/facts.ts';
import type { Evidence } from '../../evidence/open.ts';
import type { RunRecord } from '../../evidence/run-record.ts';
import type { Translate } from '../language.ts';
import { virtualClockWords } from './clock.ts';
import type { Summary } from './summary.ts';

/** One fact of what the run ran on, beside what the paper states of it. */
export interface EnvironmentRow {
  readonly what: string;
  /** null: the paper does not state it. */
  readonly paper: string | null;
  readonly run: string;
  /** The paper states it, and this run had another. */
  readonly differs: boolean;
}

export function environmentRows(evidence: Evidence, { release }: Summary, t: Translate): EnvironmentRow[] {
  const facts = guestFacts(evidence);
  const unknown = t('unknown');
  const { guest, host, reconnections } = evidence.record;
  const commit = host.commit === null ? '' : ` (${host.commit.id.slice(0, 12)}${host.commit.dirty ? '+' : ''})`;
  const row = (key: string, run: string | null | undefined): EnvironmentRow => ({
    what: t(key),
    paper: null,
    run: run ?? unknown,
    differs: false,
  });
  const system = {
    ...row('fact-release', release.found),
    paper: release.wanted,
    differs: release.wanted !== null && !release.matches,
  };
  return [
    system,
    row('fact-kernel', facts.kernel),
    row('fact-iproute2', facts.iproute2),
    row('fact-iputils', facts.iputils),
    row('fact-sshd', facts.sshd),
    row('fact-cpu', facts.cpu),
    row('fact-guest', guest && `${guest.name}, ${guest.provider}`),
    ...(guest === null
      ? []
      : [row('fact-start', t(`start-${guest.clock.kind === 'virtual' ? 'virtual-' : ''}${guest.start}`))]),
    ...(reconnections === 0 ? [] : [row('fact-reconnections', String(reconnections))]),
    ...clockFacts(guest, t).map(([key, run]) => row(key, run)),
    guest?.transport.kind === 'sealed'
      ? row('fact-transport', t(`sealed-${guest.transport.port.replace(' ', '-')}`))
      : row('fact-host-key', hostKey(guest, t)),
    row('fact-host', `${host.system}, ${host.architecture}, Node ${host.node}, Refigure ${host.refigure}${commit}`),
  ];
}

/** Which clock it has, and what its chance comes from; nothing of a run that came to no guest. */
function clockFacts(guest: RunRecord['guest'], t: Translate): [key: string, run: string][] {
  if (guest === null) return [];
  const { clock } = guest;
  if (clock.kind === 'real') return [['fact-clock', t('clock-real')]];
  const { seed, ...words } = virtualClockWords(clock);
  return [
    ['fact-clock', t('clock-virtual', { ...words })],
    ['fact-seed', seed],
  ];
}

function hostKey(guest: RunRecord['guest'], t: Translate): string | null {
  if (guest?.transport.kind !== 'ssh') return null;
  const { source, ...known } = guest.transport.hostKey;
  return t(`host-key-${source.replaceAll(' ', '-')}`, known);
}
