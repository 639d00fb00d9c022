import tseslint from 'typescript-eslint';

/** One module owns each side effect; elsewhere the import is an error. */
const ownedModules = [
  { module: 'node:child_process', owners: ['src/execute/**', 'src/cli/processes/**', 'test/**', 'bench/**'] },
  { module: 'execa', owners: ['src/execute/**', 'src/cli/processes/**', 'test/**', 'bench/**'] },
  { module: 'better-sqlite3', owners: ['src/core/sqlite.ts', 'test/**'] },
];

export default tseslint.config(
  { ignores: ['dist/**', 'types/**', 'artifacts/**', 'coverage/**', 'node_modules/**', '.mlp/**'] },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/consistent-type-definitions': 'off',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'max-lines': ['error', { max: 400 }],
      'max-lines-per-function': ['error', { max: 60, skipComments: true, skipBlankLines: true, IIFEs: true }],
      'max-params': ['error', { max: 4 }],
      'no-console': 'error',
      'no-restricted-imports': ['error', { paths: ownedModules.map(({ module }) => ({ name: module })) }],
    },
  },
  ...ownedModules.map(({ owners }, index) => ({
    files: owners,
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: ownedModules
            .filter((other, i) => i !== index && !owners.some((o) => other.owners.includes(o)))
            .map(({ module }) => ({ name: module })),
        },
      ],
    },
  })),
  {
    files: ['**/*.test.ts', '**/*.test.tsx', 'test/**', 'bench/**'],
    rules: {
      'max-lines-per-function': 'off',
      'no-restricted-imports': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  { files: ['stages/**', 'bench/**', 'scripts/**', 'src/cli/terminal.ts'], rules: { 'no-console': 'off' } },
);
