import test from 'ava';
import { edit, problemsOf, smallStudy } from '../support/small-study.ts';
import { problemText } from '../../src/core/study-problem.ts';

/** What people write, by kind; each is one mistake, and so one message, at the word that is meant. */
interface Mistake {
  readonly from: string;
  readonly to: string;
  /** The text that the mark stands under. */
  readonly at: string;
  readonly says: RegExp;
}

const expression = 'again.namespaces.exists(n, n.name == "a")';
const inExpression = (to: string, at: string, says: RegExp): Mistake => ({ from: expression, to, at, says });

const kinds: Readonly<Record<string, readonly Mistake[]>> = {
  'operators of other languages': [
    inExpression('again.namespaces.size() = 1', '=', /write ==/),
    inExpression('again.namespaces.size() === 1', '===', /write ==/),
    inExpression('again.namespaces.size() <> 1', '<>', /write !=/),
    inExpression('again.namespaces.size() => 1', '=>', /write >=/),
    inExpression('again.namespaces.size() =< 1', '=<', /write <=/),
    inExpression('again.exitStatus == 0 and again.namespaces.size() == 1', 'and', /write &&/),
    inExpression('again.exitStatus == 0 or again.namespaces.size() == 1', 'or', /write \|\|/),
    inExpression('not again.limitReached', 'not', /write !/),
    inExpression('again.exitStatus == 0 & again.namespaces.size() == 1', '&', /write &&/),
    inExpression('again->namespaces.size() == 1', '->', /write a dot/),
  ],
  'functions of other languages': [
    inExpression('len(again.namespaces) == 1', 'len(again.namespaces)', /did you mean 'size'/),
    inExpression('again.namespaces.length() == 1', 'again.namespaces.length(', /did you mean 'size'/),
    inExpression('again.namespaces.any(n, n.name == "a")', 'n', /did you mean 'exists'/),
    inExpression('again.namespaces.every(n, n.name == "a")', 'n', /did you mean 'all'/),
    inExpression('again.namespaces.some(n, n.name == "a")', 'n', /did you mean 'exists'/),
    inExpression('again.text.includes("a")', 'again.text.includes("a"', /did you mean 'contains'/),
    inExpression('again.text.startswith("a")', 'again.text.startswith("a"', /did you mean 'startsWith'/),
    inExpression('avg(again.namespaces.map(n, n.id)) == 1.0', 'avg(', /did you mean 'mean'/),
    inExpression('meadian(again.namespaces.map(n, n.id)) == 1.0', 'meadian(', /did you mean 'median'/),
    inExpression('again.namespaces.lenght() == 1', 'again.namespaces.lenght(', /there is no function 'lenght'/),
  ],
  'names in expressions': [
    inExpression('agian.namespaces.size() == 1', 'agian', /did you mean 'again'/),
    inExpression('again.namespace.size() == 1', 'namespace', /did you mean 'namespaces'/),
    inExpression('again.namespaces.exists(n, n.nmae == "a")', 'nmae', /did you mean 'name'/),
    inExpression('again.namespaces.exists(n, n.received == 1)', 'received', /known here: name, id/),
    inExpression('again.namespaces.exists(x, n.name == "a")', 'n', /Unknown variable: n/),
    inExpression('again.namespaces[0].nam == "a"', 'nam', /did you mean 'name'/),
    inExpression('again.namespaces.map(n, n.ident)[0] == 1', 'ident', /No such key: ident/),
    inExpression('again.exitstatus == 0', 'exitstatus', /did you mean 'exitStatus'/),
    inExpression('again.limitreached', 'limitreached', /did you mean 'limitReached'/),
    inExpression('True && again.exitStatus == 0', 'True', /did you mean 'true'/),
  ],
  'expressions that are not finished': [
    inExpression('(again.exitStatus == 0', '(', /'\(' is not closed/),
    inExpression('again.namespaces.exists(n, n.name == "a"', '(', /'\(' is not closed/),
    inExpression('again.exitStatus ==', '', /ends too early/),
    inExpression('again.exitStatus == 0 &&', '', /ends too early/),
    inExpression('again.namespaces[0.name == "a"', '[', /'\[' is not closed/),
    inExpression('again.namespaces.exists(n n.id == 1)', 'n.id', /Expected RPAREN/),
    inExpression('again.exitStatus == 0;', ';', /without a semicolon/),
    inExpression('again.namespaces.exists(n, n.name == "a)', '"a)', /Unterminated string/),
    inExpression('again..exitStatus == 0', '.exitStatus', /Expected/),
    inExpression('again.exitStatus == == 0', '== 0', /Unexpected token/),
  ],
  'types in expressions': [
    inExpression('again.exitStatus == "0"', 'again.exitStatus == "0"', /int == string/),
    inExpression('0 < again.exitStatus < 3', '0 < again', /compare in two parts/),
    inExpression('again.namespaces == 1', 'again.namespaces == 1', /list<Namespace> == int/),
    inExpression('again.namespaces.exists(n, n.id == "1")', 'n.id == "1"', /int == string/),
    inExpression('again.exitStatus in again.namespaces', 'again.exitStatus in', /no such overload/),
    inExpression('again.limitReached && !again.exitStatus', '!again', /!int/),
    inExpression('again.exitStatus', 'again', /gives int, not true or false/),
    inExpression('again.namespaces.map(n, n.name)', 'again', /gives list<string>/),
    inExpression('again.text + 1 == "a1"', 'again.text + 1', /string \+ int/),
    inExpression('again.namespaces.exists(name, name == "a")', 'name == "a"', /Namespace == string/),
  ],
  'keys that are misspelt': (
    [
      ['year: 2024', 'yaer: 2024', 'yaer', 'year'],
      ["section: '1'", "secton: '1'", 'secton', 'section'],
      ['script: make.sh', 'skript: make.sh', 'skript', 'script'],
      ['capture: again', 'captur: again', 'captur', 'capture'],
      ['parse: namespaces }\n  - id: second', 'prase: namespaces }\n  - id: second', 'prase', 'parse'],
      ['terminal: [names]', 'terminals: [names]', 'terminals', 'terminal'],
      ['figures:', 'figurs:', 'figurs', 'figures'],
      ['releasePattern:', 'releasepattern:', 'releasepattern', 'releasePattern'],
      ['    caption:', '    captoin:', 'captoin', 'caption'],
      ['prompt:', 'promt:', 'promt', 'prompt'],
    ] as const
  ).map(([from, to, at, meant]) => ({
    from,
    to,
    at,
    says: new RegExp(`unknown key '${at}' \\(did you mean '${meant}'`),
  })),
  'words that are not allowed': [
    ...(
      [
        ['origin: added\n        commands', 'origin: addd\n        commands', 'addd', 'added'],
        ['origin: text\n        script', 'origin: txt\n        script', 'txt', 'text'],
        ['parse: namespaces }\nfigures', 'parse: namespace }\nfigures', 'namespace', 'namespaces'],
        ['after: first', 'after: frist', 'frist', 'first'],
        ['terminal: [names]', 'terminal: [nmaes]', 'nmaes', 'names'],
        ["figure: '1'", "figure: '11'", "'11'", '1'],
        ['capture: names, parse: namespaces', 'capture: names, parse: nmespaces', 'nmespaces', 'namespaces'],
        ['origin: text\n    caption', 'origin: reconstrcted\n    caption', 'reconstrcted', 'reconstructed'],
        ['origin: text\n    figure', 'origin: texts\n    figure', 'texts', 'text'],
        ['origin: added\n    statement', 'origin: aded\n    statement', 'aded', 'added'],
      ] as const
    ).map(([from, to, at, meant]) => ({ from, to, at, says: new RegExp(`did you mean '${meant}'`) })),
  ],
  'values of another sort': [
    { from: "section: '1'", to: 'section: 2.1', at: '2.1', says: /quote it \('2\.1'\)/ },
    { from: "releasePattern: '1'", to: 'releasePattern: 7', at: '7', says: /quote it/ },
    { from: 'id: kept', to: 'id: true', at: 'true', says: /quote it/ },
    {
      from: 'title: { en: The first, zh: 第一 }',
      to: 'title: The first',
      at: 'The',
      says: /keys are wanted: \{ en: …, zh: … \}/,
    },
    { from: 'caption: { en: The list, zh: 列表 }', to: 'caption: The list', at: 'The', says: /keys are wanted/ },
    { from: 'year: 2024', to: "year: '2024'", at: "'2024'", says: /expected number, received string/ },
    { from: 'year: 2024', to: 'year: 2024.5', at: '2024.5', says: /int/ },
    { from: 'terminal: [names]', to: 'terminal: names', at: 'names', says: /expected array/ },
    { from: 'release: Any Linux 1', to: 'release: ""', at: '""', says: /Too small/ },
    { from: 'id: first', to: 'id: First One', at: 'First', says: /lower-case/ },
  ],
  'things that are there twice': [
    {
      from: '- id: kept',
      to: '- id: made',
      at: 'made',
      says: /a second claim with the id 'made'; the first is in line 47/,
    },
    { from: 'id: second', to: 'id: first', at: 'first', says: /a second experiment .* line \d+/ },
    {
      from: 'capture: again, parse: namespaces }',
      to: 'capture: again, parse: namespaces }\n          - { run: ip netns list, capture: again, parse: namespaces }',
      at: 'again',
      says: /a second capture or topology with the id 'again'; the first is in line \d+/,
    },
    { from: 'id: small\n', to: 'id: small\nid: other\n', at: 'id', says: /the key 'id' a second time/ },
    { from: '  year: 2024\n', to: '  year: 2024\n  year: 2025\n', at: 'year', says: /the key 'year' a second time/ },
    { from: "  prompt: '#'\n", to: "  prompt: '#'\n  prompt: $\n", at: 'prompt', says: /a second time/ },
    { from: 'claims:\n', to: 'claims: []\nclaims:\n', at: 'claims', says: /a second time/ },
    {
      from: '    terminal: [names]\n',
      to: '    terminal: [names]\n    terminal: [again]\n',
      at: 'terminal',
      says: /a second time/,
    },
    { from: 'figures:\n', to: 'figures: []\nfigures:\n', at: 'figures', says: /a second time/ },
    { from: '    after: first\n', to: '    after: first\n    after: first\n', at: 'after', says: /a second time/ },
  ],
  'YAML that is none': [
    { from: '  year', to: '\tyear', at: '\t', says: /a tab, where YAML indents by blanks alone/ },
    {
      from: 'title: { en: A small study, zh: 小研究 }',
      to: 'title: { en: A small study, zh: 小研究',
      at: '',
      says: /./,
    },
    { from: 'id: small', to: 'id: "small', at: '', says: /./ },
    {
      from: 'parse: namespaces }\nfigures',
      to: 'parse: *nobody }\nfigures',
      at: '*nobody',
      says: /there is no anchor/,
    },
    { from: 'id: small', to: 'id: small: study', at: '', says: /./ },
    { from: "    section: '1'", to: "     section: '1'", at: '', says: /./ },
    { from: 'experiments:', to: 'experiments', at: '', says: /./ },
    { from: '- id: made', to: '-id: made', at: '', says: /./ },
    { from: "figure: '1'", to: "figure: '1", at: '', says: /./ },
    { from: 'id: small\n', to: 'id: small\n---\n', at: '', says: /a second begins here/ },
  ],
};

for (const [kind, mistakes] of Object.entries(kinds)) {
  for (const { from, to, at, says } of mistakes) {
    test(`one message for one mistake: ${kind}: ${JSON.stringify(to)}`, async (t) => {
      const problems = await problemsOf(t, edit(smallStudy, [from, to]));
      const [problem] = problems;
      t.is(problems.length, 1, problems.map(problemText).join('\n'));
      t.regex(problem?.message ?? '', says);
      const { column = 1, excerpt } = problem ?? {};
      t.true(excerpt?.text.slice(column - 1).startsWith(at), problem === undefined ? '' : problemText(problem));
    });
  }
}
