import { obstacleTo, type UndecidedReason } from '../claim/judge.ts';
import { failuresBefore } from '../evidence/failures.ts';
import { kindOf } from '../figure/kinds/kinds.ts';
import { withoutIgnored } from '../observation/leave-out.ts';
import type { EndPoint, Topology, TopologyDevice } from '../observation/topology.ts';
import { namesInFigure } from '../study/names.ts';
import type { DrawnTopology, Figure } from '../study/schema.ts';
import type { StudyIndex } from '../study/study-index.ts';
import type { Findings } from './findings.ts';
import { adoptedOfDevice, adoptedOfNamespace } from './adopted-features.ts';
import { expectationParts, judgeFigure, observationsOf } from './judge-figures.ts';
import { maskLine, usualMasks, type MaskName } from './masks.ts';

/** What a run gives as the expectation of a figure; but for where it is from, as `shows` of a study has it. */
export interface AdoptedShows {
  readonly outputs?: Readonly<Record<string, string>>;
  readonly topology?: DrawnTopology;
  readonly masks: MaskName[];
}

/** Why a figure can't be given what a run shows. */
export type NotAdopted =
  /** Nothing can be expected of a figure of this kind. */
  | { readonly kind: 'no-expectation' }
  /** What may differ in a curve is for the study to say, and for no run. */
  | { readonly kind: 'no-rule' }
  /** In the run the name stands for something else. */
  | { readonly kind: 'other-source'; readonly name: string }
  | { readonly kind: 'not-observed'; readonly reason: UndecidedReason }
  /** An expectation can't hold it: no output at all, bytes that are no text, a route over no device. */
  | { readonly kind: 'not-expressible'; readonly name: string };

/** What a run shows of a figure of a study, which need not be the run's own. */
export function adoptFigure(figure: Figure, index: StudyIndex, findings: Findings): AdoptedShows | NotAdopted {
  const { expectation } = kindOf(figure);
  if (expectation.of === 'nothing') return { kind: 'no-expectation' };
  if (expectation.of === 'curve') return { kind: 'no-rule' };
  const names = namesInFigure(figure);
  const { evidence, observed, skipped, failures } = findings;
  const other = names.find((name) => sourceIn(index, name) !== sourceIn(evidence.loaded.index, name));
  if (other !== undefined) return { kind: 'other-source', name: other };
  const doubts = { skipped, failuresBefore: failuresBefore(evidence, failures) };
  const reason = obstacleTo(names, observed, doubts);
  if (reason !== null) return { kind: 'not-observed', reason };
  const shows = expectation.of === 'topology' ? drawingOf(figure, names, findings) : outputsOf(figure, names, findings);
  if ('kind' in shows) return shows;
  const [name = ''] = names;
  // Whatever an expectation leaves out must not make the run differ from itself.
  const { state } = judgeFigure({ ...figure, shows: { origin: 'added', ...shows } }, observationsOf(findings));
  return state === 'same' || state === 'equivalent' ? shows : { kind: 'not-expressible', name };
}

/** The command or the step that a name stands for. */
function sourceIn({ captures, topologies }: StudyIndex, name: string): string | null {
  const capture = captures.get(name);
  const step = capture?.step ?? topologies.get(name);
  return step === undefined ? null : JSON.stringify([step.experiment.id, step.step.id, capture?.command.command.run]);
}

function outputsOf(figure: Figure, names: readonly string[], findings: Findings): AdoptedShows | NotAdopted {
  const outputs: Record<string, string> = {};
  for (const { name, text } of expectationParts(figure, names, observationsOf(findings))) {
    if (typeof text !== 'string') {
      const [reason] = text;
      return reason === undefined ? { kind: 'not-expressible', name } : { kind: 'not-observed', reason };
    }
    if (text === '' || /[\0\ufffd]/.test(text)) return { kind: 'not-expressible', name };
    outputs[name] = text;
  }
  const lines = Object.values(outputs).flatMap((text) => text.split('\n'));
  const takes = (mask: MaskName): boolean => lines.some((line) => maskLine(line, new Set([mask])).taken.length > 0);
  return { outputs, masks: usualMasks.filter(takes) };
}

function drawingOf(figure: Figure, [name = '']: readonly string[], { observed }: Findings): AdoptedShows | NotAdopted {
  const found = observed.get(name);
  if (found?.state !== 'topology' || found.unread !== null) return { kind: 'not-expressible', name };
  const ignored = figure.kind === 'topology' ? (figure.ignore ?? []) : [];
  return { topology: drawn(withoutIgnored(found.topology, ignored)), masks: ['loopback', 'host-devices'] };
}

/** All of the named namespaces but their loopback devices; a route over no device has no place in a drawing. */
function drawn({ namespaces, pairs }: Topology): DrawnTopology {
  return {
    namespaces: namespaces.flatMap((namespace) => {
      const { name, devices, routes } = namespace;
      if (name === null) return [];
      const over = routes.flatMap(({ destination, via, device }) =>
        device === null ? [] : [{ destination, ...(via === null ? {} : { via }), device }],
      );
      const shown = devices
        .filter(({ kind }) => kind !== 'loopback')
        .map((device) => ({ ...drawnDevice(device), ...adoptedOfDevice(device, namespace) }));
      const routed = over.length === 0 ? {} : { routes: over };
      return [{ name, devices: shown, ...routed, ...adoptedOfNamespace(namespace) }];
    }),
    ...(pairs.length === 0 ? {} : { pairs: pairs.map(({ ends: [a, b] }) => [drawnEnd(a), drawnEnd(b)]) }),
  };
}

function drawnDevice(device: TopologyDevice): DrawnTopology['namespaces'][number]['devices'][number] {
  const { name, kind, master, vlan, lower, addresses, up, carrier } = device;
  return {
    name,
    kind,
    ...(master === null ? {} : { master }),
    ...(vlan === null ? {} : { vlan: { protocol: vlan.protocol === '802.1ad' ? '802.1ad' : '802.1Q', id: vlan.id } }),
    ...(lower === null ? {} : { on: drawnEnd(lower) }),
    ...(addresses.length === 0 ? {} : { addresses: [...addresses] }),
    ...(up ? {} : { up }),
    carrier,
  };
}

function drawnEnd({ namespace, device }: EndPoint): { namespace: string; device: string } {
  return { namespace: namespace ?? 'host', device };
}
