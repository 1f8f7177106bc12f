import importX from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';

/**
 * Imports go down only: cli → commands → the rooms → core. Among the rooms, each lists the ones below it that it may
 * use; whatever is not listed is refused.
 */
const mayImport = {
  core: [],
  observation: ['core'],
  study: ['core', 'observation'],
  evidence: ['core', 'study'],
  provider: ['core'],
  run: ['core', 'study', 'evidence'],
  claim: ['core', 'study', 'evidence', 'observation'],
  figure: ['core', 'observation'],
  recording: ['core', 'study', 'evidence'],
  comparison: ['core', 'study', 'evidence', 'observation', 'claim', 'recording'],
  report: ['core', 'study', 'evidence', 'observation', 'claim', 'comparison', 'figure', 'recording'],
  audit: ['core', 'study', 'evidence', 'claim', 'comparison', 'recording', 'report'],
};
const rooms = Object.keys(mayImport);
const zones = rooms.map((room) => ({
  target: `./src/${room}`,
  from: './src',
  except: [room, ...mayImport[room]].map((name) => `./${name}`),
  message: `src/${room} may import only: ${[...mayImport[room], 'itself'].join(', ')}.`,
}));

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', 'reports/', 'guest/'] },
  tseslint.configs.strictTypeChecked,
  {
    plugins: { 'import-x': importX },
    languageOptions: { parserOptions: { projectService: { allowDefaultProject: ['*.js'] } } },
    settings: { 'import-x/resolver': { node: { extensions: ['.ts', '.js', '.mjs'] } } },
    rules: {
      'import-x/no-restricted-paths': [
        'error',
        { zones: [...zones, { target: './src/commands', from: './src/cli.ts', message: 'cli imports commands.' }] },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      'no-restricted-globals': ['error', 'eval'],
    },
  },
  { files: ['**/*.{js,mjs}'], extends: [tseslint.configs.disableTypeChecked] },
);
