import test from 'ava';
import { judging, type Verdict } from '../../src/claim/judge.ts';
import { observeRun } from '../../src/claim/observations.ts';
import { Court } from '../../src/claim/scope.ts';
import { packagePath } from '../../src/core/package.ts';
import { openRun, type Evidence } from '../../src/evidence/open.ts';

/** What a capture would have to hold for a claim to be false. */
type Mutation = readonly [claim: string, capture: string, edit: Edit];
type Edit = (output: Buffer, evidence: Evidence) => Buffer;

/** As if the command had printed what that of another capture did. */
const as =
  (name: string): Edit =>
  (_, evidence) =>
    outputOf(evidence, name);

const replaced =
  (what: string | RegExp, by: string): Edit =>
  (output) =>
    Buffer.from(output.toString().replaceAll(what, by));

const namespaces: readonly Mutation[] = [
  ['own-devices', 'host_links', as('red_links')],
  ['own-devices', 'red_fresh', as('red_links')],
  ['own-addresses', 'blue_links', replaced('10.9.0.1', '10.9.0.2')],
  ['own-addresses', 'host_links', as('red_links')],
  ['own-routes', 'blue_routes', as('red_routes')],
  ['own-routes', 'host_routes', as('blue_routes')],
  ['own-firewall', 'blue_rules', as('red_rules')],
  ['own-firewall', 'blue_ping', as('red_ping')],
  ['own-neighbours', 'blue_neighbours', as('red_neighbours')],
  ['own-sysctls', 'blue_forward', as('red_forward')],
  ['own-sysctls', 'host_forward', as('red_forward')],
  ['own-ports', 'blue_answer', as('red_answer')],
  ['one-port-once', 'second_server', as('green_answer')],
  ['own-resources-only', 'green_answer', as('red_answer')],
  ['no-leak', 'on_grey', as('on_blue')],
  ['no-leak', 'on_host', as('on_blue')],
  ['no-leak', 'on_green', as('on_host')],
  ['no-direct-access', 'across', as('quiet')],
  ['added-and-deleted', 'names_after', as('names_during')],
  ['added-and-deleted', 'steady', as('unheld_ping')],
  ['devices-die', 'peer_after', as('peer_before')],
  ['devices-die', 'host_after', as('created')],
  ['outlives-its-name', 'let_go', as('held_open')],
  ['outlives-its-name', 'held_open', as('let_go')],
  ['tenants-apart', 'answers.tenants-2', replaced(',02:00:00:00:00:01,3', ',02:00:00:00:00:02,3')],
  ['tenants-apart', 'answers.tenants-16', replaced(/^16,.*\n/gm, '')],
  ['tenants-apart', 'answers.tenants-128', replaced(/3$/gm, '4')],
  ['pair-comes', 'created', as('before_pair')],
  ['pair-goes', 'end_after', as('end_before')],
  ['same-frames', 'far', as('on_third')],
  ['same-frames', 'far_counts', replaced(/"rx":\{"bytes":\d+/g, '"rx":{"bytes":1')],
  ['unplugged', 'peer_down', as('both_up')],
  ['unplugged', 'both_up', as('peer_down')],
  ['no-bridge-needed', 'alone_ping', as('unheld_ping')],
  ['bridge-joins', 'blue_green', as('unheld_ping')],
  ['bridge-learns', 'on_third', as('on_second')],
  ['vlan-tags', 'on_vlan', as('plain')],
  ['vlans-apart', 'across_vlans', as('vlan10')],
  ['vpn-seals', 'sealed_secrets', as('plain_secrets')],
  ['vpn-seals', 'sealed', as('plain')],
  ['tap-waits', 'unheld_tap0', as('held_tap0')],
  ['tap-waits', 'left_tap0', as('held_tap0')],
  ['taps-talk', 'held_ping', as('unheld_ping')],
  ['taps-talk', 'left_ping', as('held_ping')],
];

const routes: readonly Mutation[] = [
  ['same-subnet-fails', 'same_way', as('linkdown_way')],
  ['same-subnet-fails', 'same_ping', as('linkdown_ping')],
  ['nothing-on-the-wire', 'same_wire', as('linkdown_wire')],
  ['linkdown-works', 'linkdown_ping', as('same_ping')],
  ['linkdown-works', 'linkdown_routes', as('same_routes')],
  ['own-subnet-works', 'own_ping', as('tap_ping')],
  ['own-subnet-works', 'own_way', as('same_way')],
  ['one-side-fails', 'sided_ping.rp_filter-1.address-none', as('other_ping')],
  ['one-side-fails', 'sided_ping.rp_filter-2.address-own', as('other_ping')],
  ['where-it-ends', 'sided_wire.rp_filter-1.address-none', as('sided_wire.rp_filter-0.address-none')],
  ['where-it-ends', 'sided_wire.rp_filter-2.address-own', as('sided_wire.rp_filter-2.address-none')],
  ['lo-is-the-way-to-oneself', 'self_ping', as('self_ping_up')],
  ['lo-is-the-way-to-oneself', 'other_ping_back', as('self_ping')],
];

for (const [study, mutations] of Object.entries({ namespaces, 'veth-routes': routes })) {
  test(`${study}: each claim is upheld by the reference run, and refuted by what contradicts it`, async (t) => {
    const evidence = await openRun(packagePath(`reports/${study}/reference`));
    const claims = evidence.loaded.study.claims.map(({ id }) => id);
    t.deepEqual(
      verdictsOf(evidence).map(({ claim, state }) => [claim, state]),
      claims.map((claim) => [claim, 'upheld']),
    );
    t.deepEqual([...new Set(mutations.map(([claim]) => claim))], claims);
    for (const [claim, name, edit] of mutations) {
      const verdict = verdictsOf(withOutput(evidence, name, edit)).find((one) => one.claim === claim);
      t.is(verdict?.state, 'refuted', `${claim}: ${name} ${JSON.stringify(verdict?.reason)}`);
    }
  });
}

function verdictsOf(evidence: Evidence): readonly Verdict[] {
  const court = new Court(evidence.loaded.written, observeRun(evidence, []));
  return [...judging(evidence.loaded, court, { skipped: new Map(), failuresBefore: new Map() })];
}

function outputOf({ captures }: Evidence, name: string): Buffer {
  const command = captures.get(name)?.command;
  if (!command) throw new Error(`there is no capture '${name}'`);
  return command.output;
}

function withOutput(evidence: Evidence, name: string, edit: Edit): Evidence {
  const output = edit(outputOf(evidence, name), evidence);
  const found = evidence.captures.get(name);
  if (!found?.command || output.equals(found.command.output)) throw new Error(`'${name}' is as it was`);
  return {
    ...evidence,
    captures: new Map(evidence.captures).set(name, { ...found, command: { ...found.command, output } }),
  };
}
