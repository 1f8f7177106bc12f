#!/usr/bin/env node
/** The command line's first steps: nothing is loaded before it is known that this Node can load it. */
const required = { major: 20, minor: 19 };
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < required.major || (major === required.major && minor < required.minor)) {
  process.stderr.write(
    `Refigure needs Node ${required.major}.${required.minor} or later; this is Node ${process.versions.node}.\n` +
      'Install a newer Node (https://nodejs.org), then try again.\n',
  );
  process.exitCode = 69;
} else {
  const { main } = await import('./commands/program.ts');
  process.exitCode = await main(process.argv);
}

export {};
