import { packagePath } from '../../src/core/package.ts';
import type { Journal } from '../../src/evidence/journal.ts';
import { parseNeighbours } from '../../src/observation/neighbours.ts';
import { parsePing } from '../../src/observation/ping.ts';
import { loadStudy } from '../../src/study/load.ts';
import { ask } from '../provider/booted-guest.ts';
import { bootQemu } from '../support/qemu.ts';
import { testWith } from '../support/tools.ts';
import { runPlan } from './run-plan.ts';

/** Received and transmitted, of the pings with this command line in the order of their running. */
function pings({ commands }: Journal, text: string): string[] {
  return commands
    .filter((command) => command.text === text)
    .map(({ output }) => {
      const reading = parsePing(output.toString());
      if (reading.state === 'unreadable') return reading.reason;
      return `${reading.observation.received} of ${reading.observation.transmitted}`;
    });
}

for (const program of ['qemu-system-i386', 'qemu-system-x86_64']) {
  testWith(program)(`the image yields the paper's outcome under ${program}, and powers off by itself`, async (t) => {
    const { session, exited } = await bootQemu(t, program);
    const { study, files } = await loadStudy(packagePath('experiments/veth-pair'));
    const journals: Journal[] = [];
    for (const { id, steps } of study.experiments)
      journals.push(
        await runPlan(
          {
            execute: (c, o) => session.execute(c, o),
            upload: (f, u) => session.upload(f, u),
            lost: new Promise(() => undefined),
          },
          { name: id, steps, files },
        ),
      );
    const [withoutPair, withPair] = journals;
    if (withoutPair === undefined || withPair === undefined) throw new Error('the study has two experiments');

    const toOther = ['ip netns exec ns0 ping -c 4 10.1.1.2', 'ip netns exec ns1 ping -c 4 10.1.1.1'] as const;
    t.deepEqual(pings(withoutPair, 'ip netns exec ns0 ping -c 4 10.1.1.1'), ['4 of 4'], 'its own address');
    t.deepEqual(pings(withoutPair, toOther[0]), ['0 of 4'], 'isolated');
    for (const command of toOther) t.deepEqual(pings(withPair, command), ['0 of 4', '4 of 4'], command);
    const neighbours = withPair.commands.find(({ text }) => text === 'ip netns exec ns0 ip neigh');
    const reading = parseNeighbours(neighbours?.output.toString() ?? '');
    t.is(reading.state, 'read');
    if (reading.state === 'read') {
      const answering = reading.observation.neighbours.filter(({ mac }) => mac !== null);
      t.deepEqual(
        answering.map(({ address, device }) => `${address} on ${device}`),
        ['10.1.1.2 on veth0'],
      );
    }
    for (const { text, end } of [...withoutPair.commands, ...withPair.commands]) {
      t.is(end?.how, 'exited', text);
      if (!text.includes('ping')) t.is(end?.status, 0, text);
    }

    // The end of the guest closes the connection before the command's status comes back.
    void session.execute('poweroff -f').catch(() => undefined);
    t.is(await exited, 0);
  });
}

testWith('qemu-system-i386')('under QEMU too, no two boots share a host key, and there is no way out', async (t) => {
  const [first, second] = [await bootQemu(t, 'qemu-system-i386'), await bootQemu(t, 'qemu-system-i386')];
  t.not(first.hostKey, second.hostKey);
  t.notRegex(await ask(first.session, 'ip route'), /default/);
  await ask(first.session, 'ip route add default via 192.168.86.2 dev eth0');
  for (const command of ['ping -c 1 -W 2 8.8.8.8', 'wget -T 2 -q -O - http://192.0.2.1/']) {
    t.not((await first.session.execute(command)).status, 0, command);
  }
  for (const { session, exited } of [first, second]) {
    void session.execute('reboot -f').catch(() => undefined); // -no-reboot: QEMU ends
    t.is(await exited, 0);
  }
});
