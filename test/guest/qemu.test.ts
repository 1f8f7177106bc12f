import { packagePath } from '../../src/core/package.ts';
import type { Journal } from '../../src/evidence/journal.ts';
import { parseNeighbours } from '../../src/observation/neighbours.ts';
import { parsePing } from '../../src/observation/ping.ts';
import { makeMiniProvider } from '../../src/provider/qemu/mini.ts';
import { loadStudy } from '../../src/study/load.ts';
import { ask, bootGuest, entranceOf } from '../provider/booted-guest.ts';
import { testWith } from '../support/tools.ts';
import { runPlan } from './run-plan.ts';

const test = testWith('qemu-system-x86_64', 'qemu-img');
/** Software emulation alone: it is what every host has. */
const mini = await makeMiniProvider({ accelerators: ['tcg'] });

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

test("the image yields the paper's outcome under QEMU, and powers off by itself", async (t) => {
  const guest = await bootGuest(mini);
  t.teardown(() => guest.stop());
  const { study, files } = await loadStudy(packagePath('experiments/veth-pair'));
  const journals: Journal[] = [];
  for (const { id, steps } of study.experiments) journals.push(await runPlan(guest, { name: id, steps, files }));
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
  void guest.execute('poweroff -f').catch(() => undefined);
  t.regex((await guest.lost).reason, /^QEMU ended \(status 0\), as it does when the machine goes off or restarts$/);
});

test('under QEMU too, no two boots share a host key, and there is no way out', async (t) => {
  const guests = [await bootGuest(mini), await bootGuest(mini)];
  for (const guest of guests) t.teardown(() => guest.stop());
  const [first, second] = guests;
  if (first === undefined || second === undefined) throw new Error('there are two');
  t.not(entranceOf(first).hostKey, entranceOf(second).hostKey);
  t.notRegex(await ask(first, 'ip route'), /default/);
  await ask(first, 'ip route add default via 192.168.86.2 dev eth0');
  for (const command of ['ping -c 1 -W 2 8.8.8.8', 'curl --silent --max-time 2 http://192.0.2.1/']) {
    t.not((await first.execute(command)).status, 0, command);
  }
  for (const guest of guests) {
    void guest.execute('reboot -f').catch(() => undefined); // -no-reboot: QEMU ends
    t.regex((await guest.lost).reason, /^QEMU ended \(status 0\), as it does when the machine goes off or restarts$/);
  }
});
