import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { HostError, InterruptedError } from '../../../src/core/errors.ts';
import { VagrantMachine } from '../../../src/provider/vagrant/machine.ts';
import { Vagrant } from '../../../src/provider/vagrant/vagrant.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { testWith } from '../../support/tools.ts';

// The real Vagrant, with no machine: what it says when it cannot begin, and that it ends when it is told to.

const testVagrant = testWith('vagrant');
const never = new AbortController().signal;
const options = { limitMs: 120_000, signal: never };

/** A folder whose name is a hard one, with a Vagrantfile of this content, and a Vagrant that knows no boxes. */
async function vagrantIn(
  t: ExecutionContext,
  vagrantfile: string | null,
  environment: Readonly<Record<string, string>> = {},
): Promise<Vagrant> {
  const base = await temporaryFolder(t);
  const folder = join(base, "it's a folder, ü");
  await mkdir(folder);
  if (vagrantfile !== null) await writeFile(join(folder, 'Vagrantfile'), vagrantfile);
  return new Vagrant(folder, { VAGRANT_HOME: join(base, 'home'), ...environment });
}

const plain = "Vagrant.configure('2') { |c| c.vm.box = 'none/such'; c.vm.box_check_update = false }\n";

testVagrant('a broken Vagrantfile is told in Vagrant’s words, whatever it is that breaks it', async (t) => {
  for (const [vagrantfile, said] of [
    ["Vagrant.configure('2') do |config\n", /syntax error/],
    ["Vagrant.configure('2') { |c| raise 'no such thing' }\n", /no such thing/],
    ["Vagrant.configure('2') { |c| c.vm.box = 'a'; c.vm.nonsense = 1 }\n", /nonsense/],
  ] as const) {
    const vagrant = await vagrantIn(t, vagrantfile);
    const error = await t.throwsAsync(vagrant.call(['validate', '--ignore-provider'], options), {
      instanceOf: HostError,
    });
    t.regex(error.message, /^`vagrant validate --ignore-provider` failed with status \d+/);
    t.regex(error.message, said);
    t.regex(error.hint, /Mend the Vagrantfile/);
  }
});

testVagrant(
  'a folder without a Vagrantfile, an unknown provider and one that is not installed are told apart',
  async (t) => {
    const without = await vagrantIn(t, null);
    await t.throwsAsync(without.call(['up'], options), { message: /NoEnvironmentError/ });
    const vagrant = await vagrantIn(t, plain);
    await t.throwsAsync(vagrant.call(['up', '--provider', 'hyperkit'], options), { message: /ProviderNotFound/ });
    const bare = await vagrantIn(t, plain, { PATH: await temporaryFolder(t) });
    const unusable = await t.throwsAsync(bare.call(['up', '--provider', 'virtualbox'], options));
    t.regex(unusable.message, /\(ProviderNotUsable\)/);
  },
);

testWith('vagrant with libvirt')('the verbs of a machine can be said of one that is not there', async (t) => {
  const vagrant = await vagrantIn(t, plain, { VAGRANT_DEFAULT_PROVIDER: 'libvirt' });
  const machine = new VagrantMachine(vagrant, 'libvirt');
  t.is(await machine.state({ signal: never }), 'not_created');
  await machine.halt({ signal: never });
  // Where libvirtd runs there is nothing to destroy; where it does not, that is said.
  await machine.destroy({ signal: never }).catch((error: unknown) => {
    t.regex((error as Error).message, /\(FogLibvirtConnectionError\)/);
  });
  await t.throwsAsync(machine.sshAccess({ signal: never }), { message: /SSHNotReady|MachineNotFound|not.*created/i });
});

testVagrant('calls for one folder come one after another, and their lines come as they are printed', async (t) => {
  const vagrant = await vagrantIn(t, plain);
  const order: string[] = [];
  const call = (name: string): Promise<unknown> =>
    vagrant.call(['status'], {
      ...options,
      onLine: ({ type }) => {
        if (order.at(-1) !== name) order.push(name);
        if (type === 'state') t.pass();
      },
    });
  await Promise.all([call('first'), call('second'), call('third')]);
  t.deepEqual(order, ['first', 'second', 'third']);
});

testVagrant(
  'a server that accepts and never answers ends with the deadline, or with Ctrl-C, and leaves no process',
  async (t) => {
    const sockets = new Set<Socket>();
    const server = createServer((socket) => sockets.add(socket));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    t.teardown(() => {
      for (const socket of sockets) socket.destroy();
      server.close();
    });
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/silent.box`;
    const vagrant = await vagrantIn(t, plain);
    const add = ['box', 'add', '--name', 'silent', url];
    const late = await t.throwsAsync(vagrant.call(add, { ...options, limitMs: 5000 }), { instanceOf: HostError });
    t.regex(late.message, /`vagrant box add --name silent http:[^`]*` did not end within 5 s/);

    const controller = new AbortController();
    const reason = new InterruptedError('the test');
    const interrupted = vagrant.call(add, { ...options, signal: controller.signal });
    await once(server, 'connection');
    controller.abort(reason);
    t.is(await t.throwsAsync(interrupted), reason);
    // Their ends are how we know that no curl is left.
    for (const socket of sockets) {
      socket.resume();
      if (!socket.closed) await once(socket, 'close');
    }
    t.pass();
  },
);
