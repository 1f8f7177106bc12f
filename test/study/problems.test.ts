import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { StudyError } from '../../src/core/errors.ts';
import { loadStudy } from '../../src/study/load.ts';
import { edit, expectProblems, smallStudy, writeStudy } from '../support/small-study.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

test('an unknown key is found at every level, all at once, and the nearest known key is suggested', async (t) => {
  await expectProblems(
    t,
    edit(
      smallStudy,
      ['id: small\n', "id: small\n‹unknown key 'expirements'›expirements: []\n"],
      ['en: A paper,', "en: A paper, ‹unknown key 'fr'›fr: Un papier,"],
      ['  year: 2024\n', "  year: 2024\n  ‹unknown key 'page' (did you mean 'pages'?)›page: 1\n"],
      ["  prompt: '#'\n", "  prompt: '#'\n  ‹unknown key 'promt' (did you mean 'prompt'?)›promt: $\n"],
      ['  added: {', "  ‹unknown key 'add'›add: {}\n  added: {"],
      ["    section: '1'\n", "    section: '1'\n    ‹unknown key 'sumary' (did you mean 'summary'?)›sumary: {}\n"],
      [
        '        origin: text\n',
        "        origin: text\n        ‹unknown key 'scripts' (did you mean 'script'?)›scripts: x\n",
      ],
      ['capture: again,', "capture: again, ‹unknown key 'seperate' (did you mean 'separate'?)›seperate: true,"],
      ['    terminal:', "    ‹unknown key 'route-table' (did you mean 'routeTable'?)›route-table: []\n    terminal:"],
      ['  - id: kept\n', "  - id: kept\n    ‹unknown key 'givn' (did you mean 'given'?)›givn: x\n"],
    ),
  );
});

test('a key that is near no known one gets the list of them, and no suggestion', async (t) => {
  await expectProblems(
    t,
    edit(smallStudy, ['id: small\n', "id: small\n‹unknown key 'xx'; known here: format, id, title›xx: 1\n"]),
  );
});

test('keys that are no strings, and keys that mean something to JavaScript, are unknown keys like others', async (t) => {
  await expectProblems(
    t,
    `‹unknown key '7'›7: x\n‹unknown key ''›~: y\n‹unknown key 'true'›true: z\n‹unknown key '__proto__'›__proto__: { a: 1 }\n‹unknown key 'constructor'›constructor: x\n${smallStudy}`,
  );
});

test('a value of the wrong type is found where it stands', async (t) => {
  await expectProblems(
    t,
    edit(
      smallStudy,
      ['title: { en: A small study', 'title: { en: ‹title.en: this is a number, and a text is wanted: quote it›7'],
      ['year: 2024', "year: ‹paper.year: Invalid input: expected number, received string›'2024'"],
      [
        "releasePattern: '1'",
        'releasePattern: ‹environment.releasePattern: this is a number, and a text is wanted: quote it›1',
      ],
      ['terminal: [names]', 'terminal: [‹figures.0.terminal.0: Invalid input›[names]]'],
      ['- id: kept', '- id: ‹claims.1.id: this is a boolean, and a text is wanted: quote it›true'],
    ),
  );
});

test('what a study makes has names that a shell and the kernel take as they are', async (t) => {
  const makes = (namespaces: string, devices: string): string =>
    edit(smallStudy, ['experiments:', `makes:\n  namespaces: ${namespaces}\n  devices: ${devices}\nexperiments:`]);
  await expectProblems(t, makes('[ns0, a-b.c_d]', '[tap0, eth0.10, fifteen-letters]'));
  await expectProblems(
    t,
    makes(
      "[‹makes.namespaces.0: a namespace has letters›'a b', ‹makes.namespaces.1: a namespace has letters›'../x']",
      "[‹makes.devices.0: a device has letters›sixteen-letters-, ‹makes.devices.1: a device has letters›'$(x)']",
    ),
  );
  await expectProblems(
    t,
    edit(smallStudy, ['experiments:', 'makes: ‹makes.devices: this key is missing›{ namespaces: [] }\nexperiments:']),
  );
});

test('values out of range and empty texts are refused', async (t) => {
  await expectProblems(
    t,
    edit(
      smallStudy,
      ['en: A small study', "en: ‹title.en: Too small›''"],
      ['year: 2024', 'year: ‹paper.year: Invalid input: expected int›20.5'],
      [
        '{ run: ip netns list, capture: names',
        '{ limitSeconds: ‹limitSeconds: Too small›0, run: ip netns list, capture: names',
      ],
      ['capture: again,', 'capture: again, limitSeconds: ‹limitSeconds: Too big›3601,'],
    ),
  );
});

test('a format that there is not is told of alone', async (t) => {
  await expectProblems(
    t,
    edit(smallStudy, ['format: 1', 'format: ‹there are the formats 1 and 2›3'], ['year:', 'yaer:']),
  );
});

test('a word that is not allowed is found, and the nearest allowed one is suggested', async (t) => {
  await expectProblems(
    t,
    edit(
      smallStudy,
      ['origin: text\n        script', "origin: ‹(did you mean 'text'?)›texts\n        script"],
      ['parse: namespaces }\n  -', "parse: ‹(did you mean 'namespaces'?)›namespace }\n  -"],
      [
        'origin: added\n    statement',
        'origin: ‹Invalid option: expected one of "text"|"reconstructed"|"added"›guess\n    statement',
      ],
    ),
  );
});

test('ids keep to the letters that file names and expressions allow', async (t) => {
  await expectProblems(
    t,
    edit(
      smallStudy,
      ['id: small', 'id: ‹an id has lower-case letters›Small'],
      ['capture: names', 'capture: ‹a capture id has lower-case letters›my-names'],
      ["id: '1'\n    origin", "id: ‹a figure id has letters›'../1'\n    origin"],
    ),
  );
});

test('names that would be one file, or too long for one, are refused on every system', async (t) => {
  const secondFigure = (id: string): string =>
    edit(smallStudy, [
      'claims:\n',
      `  - id: ${id}
    origin: text
    caption: { en: The list, zh: 列表 }
    paper: { en: It lists a., zh: 列出 a。 }
    terminal: [names]
claims:
`,
    ]).replace("id: '1'\n    origin: text\n    caption", "id: 'a'\n    origin: text\n    caption");
  for (const id of [
    "‹an id that ends in .en or .zh names the picture of another figure›'a.zh'",
    "‹a second figure›'A'",
  ]) {
    await expectProblems(t, secondFigure(id).replace("figure: '1'", "figure: 'a'"));
  }
  const long = 'x'.repeat(65);
  await expectProblems(t, edit(smallStudy, ['  - id: second', `  - id: ‹up to 64 characters›${long}`]));
});

test('a NUL in a text is found, however it is written', async (t) => {
  await expectProblems(
    t,
    edit(smallStudy, ['run: ip netns list, capture: again', 'run: ‹a text holds no NUL›"a\\0b", capture: again']),
  );
});

test('a path that leaves the study is refused', async (t) => {
  for (const path of ['../make.sh', '/etc/make.sh', 'a/../../make.sh', "'a\\make.sh'", '..']) {
    await expectProblems(t, edit(smallStudy, ['script: make.sh', `script: ‹a path is relative›${path}`]));
  }
});

test('a missing key is found at what lacks it', async (t) => {
  await expectProblems(
    t,
    edit(
      smallStudy,
      ['id: small\n', ''],
      ['title: { en: A small study, zh: 小研究 }', 'title: ‹title.zh: this key is missing›{ en: A small study }'],
      ['format: 1', '‹id: this key is missing›format: 1'],
      ['{ run: ip netns list, capture: names', '‹commands.0.run: this key is missing›{ capture: names'],
    ),
  );
});

test('the second of two equal ids is found, and ids of other kinds may be the same', async (t) => {
  await expectProblems(
    t,
    edit(
      smallStudy,
      ['  - id: second', "  - id: ‹a second experiment with the id 'first'›first"],
      [
        'capture: again, parse: namespaces }',
        "capture: ‹a second capture or topology with the id 'names'›names, parse: namespaces }\n      - id: ‹a second step with the id 'look'›look\n        title: { en: x, zh: x }\n        origin: added\n        commands: [{ run: 'true' }]\n        topology: ‹a second capture or topology with the id 'names'›names",
      ],
      [
        'claims:\n',
        "  - id: ‹a second figure with the id '1'›'1'\n    origin: text\n    caption: { en: x, zh: x }\n    paper: { en: x, zh: x }\n    terminal: [names]\nclaims:\n",
      ],
      ['  - id: kept', "  - id: ‹a second claim with the id 'made'›made"],
      ['expect: again', 'expect: names'],
    ),
  );
});

test("an experiment may not take the name of Refigure's own questions, whose journal it would write into", async (t) => {
  await expectProblems(t, edit(smallStudy, ['  - id: second', "  - id: ‹the id 'facts' is taken›facts"]));
});

test("'after' must name an experiment above, and the nearest one is suggested", async (t) => {
  await expectProblems(t, edit(smallStudy, ['after: first', "after: ‹(did you mean 'first'?)›frist"]));
  await expectProblems(t, edit(smallStudy, ['after: first', "after: ‹'second' is none›second"]));
  await expectProblems(
    t,
    edit(smallStudy, ["section: '1'\n", "section: '1'\n    after: ‹must name an experiment above›second\n"]),
  );
});

test('a figure shows exactly one thing', async (t) => {
  const message =
    'a figure has exactly one of bars, box, cdf, loss, messages, points, routeTable, rtt, series, strip, table, terminal, time and topology';
  await expectProblems(
    t,
    edit(smallStudy, ["  - id: '1'\n", `  - ‹figures.0: ${message}›id: '1'\n    routeTable: [names]\n`]),
  );
  await expectProblems(
    t,
    edit(smallStudy, ["  - id: '1'\n", `  - ‹figures.0: ${message}›id: '1'\n`], ['    terminal: [names]\n', '']),
  );
});

test('a figure, a claim and a claim’s figure may only name what there is', async (t) => {
  await expectProblems(
    t,
    edit(
      smallStudy,
      ['terminal: [names]', "terminal: [names, ‹there is no capture 'agian' (did you mean 'again'?)›agian]"],
      ["figure: '1'", "figure: ‹there is no figure '2'›'2'"],
      ['expect: again.', "expect: ‹Unknown variable: agein (did you mean 'again'?)›agein."],
    ),
  );
  await expectProblems(
    t,
    edit(smallStudy, ['terminal: [names]', "routeTable: [‹there is no capture of routes 'names'›names]"]),
  );
  await expectProblems(t, edit(smallStudy, ['terminal: [names]', "topology: ‹there is no topology 'names'›names"]));
});

test('a step must do something, and a parser needs a capture', async (t) => {
  await expectProblems(
    t,
    edit(
      smallStudy,
      ['      - id: look', "      - ‹step 'look' has neither a script nor commands›id: look"],
      ['        commands:\n          - { run: ip netns list, capture: again, parse: namespaces }\n', ''],
      [
        '  - id: kept\n    origin: added\n    statement: { en: It is still there, zh: 它还在 }\n    expect: again.namespaces.exists(n, n.name == "a")\n',
        '',
      ],
    ),
  );
  await expectProblems(
    t,
    edit(
      smallStudy,
      ['capture: again, parse: namespaces', "parse: ‹'parse' needs a 'capture'›namespaces"],
      ['expect: again', 'expect: ‹Unknown variable: again›again'],
    ),
  );
});

test('a script that is missing or that has carriage returns is refused before anything boots', async (t) => {
  const broken = (message: string): string => edit(smallStudy, ['script: make.sh', `script: ‹${message}›make.sh`]);
  await expectProblems(t, broken('the script make.sh cannot be read'), {});
  await expectProblems(t, broken('the script make.sh has carriage returns'), {
    'make.sh': 'ip netns add a\r\nip netns list\r\n',
  });
});

test('an annotated command must be a whole command of its script, as often as it is annotated', async (t) => {
  const annotate = (message: string, run: string): string =>
    edit(smallStudy, ['{ run: ip netns list, capture: names', `{ run: ‹${message}›${run}, capture: names`]);
  await expectProblems(t, annotate("no command 'ip netns lst' (did you mean 'ip netns list'?)", 'ip netns lst'));
  await expectProblems(t, annotate("no command 'ip netns'", 'ip netns'));
  await expectProblems(t, annotate("no command 'ip netns list'", 'ip netns list'), {
    'make.sh': 'ip netns list # all\nip -d netns list\n',
  });
  const twice = edit(smallStudy, [
    'capture: names, parse: namespaces }',
    "capture: names, parse: namespaces }\n          - { run: ‹the script make.sh runs 'ip netns list' no 2 times›ip netns list, capture: more }",
  ]);
  await expectProblems(t, twice);
  await expectProblems(t, twice.replace(/‹.*›/, ''), { 'make.sh': 'ip netns list\nip netns list\n' });
});

test('a command that runs over several lines is annotated by all of them', async (t) => {
  const yaml = edit(smallStudy, [
    '{ run: ip netns list, capture: names',
    '{ run: "for n in a; do\\n  ip netns list\\ndone", capture: names',
  ]);
  await expectProblems(t, yaml, { 'make.sh': 'for n in a; do\n  ip netns list\ndone\n' });
});

test('problems of the schema, of references and of expressions are shown in one go, in the order of the file', async (t) => {
  await expectProblems(
    t,
    edit(
      smallStudy,
      ['year: 2024', "year: ‹expected number›'2024'"],
      ['en: The first', "en: ‹Too small›'', ‹unknown key 'de'›de: Der erste"],
      ['script: make.sh', 'script: ‹cannot be read›nowhere.sh'],
      ['after: first', "after: ‹'after' must name›third"],
      ['origin: added\n        commands', "origin: ‹did you mean 'added'›addd\n        commands"],
      ['capture: again', "‹unknown key 'captre'›captre: again"],
      ['terminal: [names]', "terminal: [‹there is no capture 'nobody'›nobody]"],
      ['expect: again.namespaces', 'expect: again.‹No such key: namespace ›namespace'],
    ),
  );
});

test('an expression is checked by the types of what it reads', async (t) => {
  const expect = (message: string, expression: string): string =>
    edit(smallStudy, [
      'expect: again.namespaces.exists(n, n.name == "a")',
      `expect: ${expression.replace('§', `‹${message}›`)}`,
    ]);
  const key = "claim 'kept', expect: No such key: nam (did you mean 'name'?)";
  await expectProblems(t, expect(key, 'again.namespaces.exists(n, n.§nam == "a")'));
  await expectProblems(t, expect('no such overload: int == string', 'again.namespaces.exists(n, §n.id == "a")'));
  await expectProblems(t, expect('the expression gives list', '§again.namespaces'));
  await expectProblems(t, expect('the expression reads no capture', "§'true'"));
  await expectProblems(t, expect('Unexpected', 'again.namespaces.exists(n, n.name == §)'));
  await expectProblems(
    t,
    edit(smallStudy, [
      '    expect: again',
      "    given: >-\n      ‹claim 'kept', given: Unknown variable: other›other.received > 0\n    expect: again",
    ]),
  );
});

test('a script that is a link out of the study is not followed: what it names would be pushed and published', async (t) => {
  const secret = join(await temporaryFolder(t), 'secret');
  await writeFile(secret, 'ip netns add a\nip netns list\n');
  const folder = await writeStudy(t, smallStudy, {});
  await symlink(secret, join(folder, 'make.sh'));
  const error = await t.throwsAsync(loadStudy(folder), { instanceOf: StudyError });
  t.regex(error.message, /the script make\.sh cannot be read/);
});

test('names that Windows keeps for devices, and characters that it allows in no path, are refused', async (t) => {
  await expectProblems(t, edit(smallStudy, ['script: make.sh', 'script: ‹Windows does not allow›what?.sh']), {});
});

test('an expectation is of its figure’s kind, names its captures and no others, and masks of its kind', async (t) => {
  const shows = (body: string): string =>
    edit(smallStudy, ['    terminal: [names]\n', `    terminal: [names]\n${body}`]);
  await expectProblems(
    t,
    shows(
      '    shows:\n      origin: text\n      outputs: { names: "a\\n", again: ‹the figure has no capture \'again\'›b }\n      masks: []\n',
    ),
  );
  await expectProblems(
    t,
    shows("    shows:\n      origin: text\n      outputs: ‹what 'names' shows is missing›{}\n      masks: []\n"),
  );
  await expectProblems(
    t,
    shows(
      "    shows:\n      origin: text\n      outputs: { names: a }\n      masks: [‹'carrier' is no mask of this kind: mac-addresses›carrier]\n",
    ),
  );
  await expectProblems(
    t,
    shows(
      "    shows:\n      origin: text\n      topology: ‹only a figure that is a 'topology' can show one›{ namespaces: [] }\n      masks: []\n",
    ),
  );
});

test('a strip names topologies, a plot of packets pings, a plot of time experiments', async (t) => {
  const figure = (source: string): string => edit(smallStudy, ['    terminal: [names]\n', `    ${source}\n`]);
  await expectProblems(t, figure("rtt: [‹there is no capture of a ping 'names'›names]"));
  await expectProblems(t, figure("loss: [‹there is no capture of a ping 'names'›names]"));
  await expectProblems(t, figure("time: [first, ‹there is no experiment 'secnd' (did you mean 'second'?)›secnd]"));
  await expectProblems(t, figure("strip: [‹there is no topology 'names'›names, ‹there is no topology 'again'›again]"));
});
