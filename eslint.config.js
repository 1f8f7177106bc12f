import importX from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';

/**
 * Imports go down only: cli → commands → the rooms → core. Among the rooms, each lists the ones below it that it may
 * use; whatever is not listed is refused. A room within a room, or a file, is listed by its path.
 */
const drawn = [
  'core',
  'observation',
  'figure/svg',
  'figure/labels.ts',
  'figure/chart-labels.ts',
  'figure/number-text.ts',
];
const mayImport = {
  core: [],
  observation: ['core'],
  'figure/chart-labels.ts': ['core'],
  'figure/labels.ts': ['core', 'figure/chart-labels.ts'],
  'figure/svg': ['core'],
  'figure/topology': drawn,
  'figure/terminal': drawn,
  'figure/plot': drawn,
  'figure/kinds': [...drawn, 'figure/topology', 'figure/terminal', 'figure/plot'],
  study: ['core', 'observation', 'figure/kinds'],
  evidence: ['core', 'study'],
  provider: ['core', 'study/source.ts', 'study/problems.ts'],
  run: ['core', 'study', 'evidence'],
  reporter: ['core', 'run/events.ts'],
  claim: ['core', 'study', 'evidence', 'observation'],
  recording: ['core', 'study', 'evidence'],
  comparison: ['core', 'study', 'evidence', 'observation', 'claim', 'figure/kinds', 'recording'],
  report: ['core', 'study', 'evidence', 'observation', 'claim', 'comparison', 'figure', 'recording'],
  audit: ['core', 'study', 'evidence', 'observation', 'claim', 'comparison', 'recording', 'report'],
};
const rooms = Object.keys(mayImport);
const zones = rooms.map((room) => ({
  target: `./src/${room}`,
  from: './src',
  except: [room, ...mayImport[room]].map((name) => `./${name}`),
  message: `src/${room} may import only: ${[...mayImport[room], 'itself'].join(', ')}.`,
}));
/** A report's model knows nothing of the formats that are made of it, nor does one format know of the other. */
const reportZones = [
  ['model', './markdown', './html'],
  ['markdown', './html'],
  ['html', './markdown'],
].flatMap(([room, ...others]) =>
  others.map((other) => ({ target: `./src/report/${room}`, from: `./src/report/${other}` })),
);

export default tseslint.config(
  { ignores: ['dist/', 'dist-test/', 'node_modules/', 'reports/*/', 'guest/'] },
  tseslint.configs.strictTypeChecked,
  {
    plugins: { 'import-x': importX },
    languageOptions: { parserOptions: { projectService: { allowDefaultProject: ['*.js'] } } },
    settings: { 'import-x/resolver': { node: { extensions: ['.ts', '.js', '.mjs'] } } },
    rules: {
      'import-x/no-restricted-paths': [
        'error',
        {
          zones: [
            ...zones,
            ...reportZones,
            { target: './src/commands', from: './src/cli.ts', message: 'cli imports commands.' },
          ],
        },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      'no-restricted-globals': ['error', 'eval'],
    },
  },
  {
    // Who reads a study, or asks for help, must not wait for what draws.
    files: ['src/figure/kinds/*.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: ['../topology/*', '../terminal/*', '../plot/*', '../svg/*'],
              allowTypeImports: true,
              message: 'A kind of figures imports what draws it when it draws: `await import(…)`.',
            },
          ],
        },
      ],
    },
  },
  { files: ['**/*.{js,mjs}'], extends: [tseslint.configs.disableTypeChecked] },
);
