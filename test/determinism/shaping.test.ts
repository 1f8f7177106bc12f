import { join } from 'node:path';
import test from 'ava';
import { shellStudy } from '../run/shell-study.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { hogProcessor } from './hog.ts';
import { joinedNamespaces, printed, runWhole } from './virtual-run.ts';

// What tc(8) is told to do to packets, it does, however busy the host is: the guest's clock does not see the host.

test('a delay of 50 ms is one of 50 ms, and a rate of 10 Mbit/s is that rate, on a busy host', async (t) => {
  const loaded = await shellStudy(join(await temporaryFolder(t), 'study'), [
    {
      id: 'delay',
      steps: {
        make: joinedNamespaces,
        measure: [
          { run: 'ip netns exec a ping -c 1 10.0.0.2' }, // the neighbour is asked for once, which would be delayed, too
          { run: 'ip netns exec a tc qdisc add dev v0 root netem delay 50ms' },
          { run: 'ip netns exec a ping -c 10 -i 0.2 10.0.0.2', capture: 'pings' },
          { run: 'ip netns exec a tc qdisc del dev v0 root' },
        ],
      },
    },
    {
      id: 'rate',
      after: 'delay',
      steps: {
        measure: [
          { run: 'ip netns exec a tc qdisc add dev v0 root tbf rate 10mbit burst 32kbit latency 400ms' },
          { run: 'ip netns exec b iperf3 -s -1 -D' },
          { run: 'until ip netns exec b ss -tln | grep -q :5201; do sleep 0.1; done' },
          { run: 'ip netns exec a iperf3 -c 10.0.0.2 -t 3 -f k', capture: 'transfer' },
        ],
      },
    },
  ]);
  await hogProcessor(t);
  const run = await runWhole(t, loaded);

  const pings = await printed(run, 'pings');
  const averageMs = Number(/^rtt min\/avg\/max\/mdev = [\d.]+\/([\d.]+)\//m.exec(pings)?.[1]);
  t.true(Math.abs(averageMs - 50) <= 0.5, pings);

  const transfer = await printed(run, 'transfer');
  const receivedKbit = Number(/([\d.]+) Kbits\/sec +receiver$/m.exec(transfer)?.[1]);
  t.true(receivedKbit >= 9400 && receivedKbit <= 9800, transfer);
});
