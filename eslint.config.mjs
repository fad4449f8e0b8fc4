// Type-aware lint: what the compiler and Biome do not see. Who may import whom is held by architecture.test.ts; the worst offences also here.
import next from '@next/eslint-plugin-next';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

const pure = [
  'model/**',
  'server/graph/**',
  'server/compare/**',
  'server/istio/**',
  'server/analysis/**',
  'server/changes/plan/**',
  'server/telemetry/queries.ts',
  'server/telemetry/observe.ts',
];
const noEnvironment = {
  selector: "MemberExpression[object.name='process'][property.name='env']",
  message: 'Only server/config.ts reads the environment.',
};

export default tseslint.config(
  { ignores: ['node_modules/**', '.next/**', 'dist/**', '.scratch/**', 'next-env.d.ts', 'public/**', '**/*.mjs', 'next.config.js'] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/no-empty-function': 'off',
      '@typescript-eslint/no-dynamic-delete': 'off',
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
      // The index signatures of foreign records are read by key everywhere; an "unnecessary" check of them is the point.
      '@typescript-eslint/no-unnecessary-condition': ['error', { allowConstantLoopConditions: true }],
      'no-console': 'error',
      'no-restricted-syntax': ['error', noEnvironment],
      'no-restricted-imports': [
        'error',
        {
          paths: ['@patternfly/react-core', '@patternfly/react-icons', '@patternfly/react-table'].map((name) => ({
            name,
            message: 'Import the one component: dist/esm/components/X or dist/esm/icons/x-icon.',
          })),
        },
      ],
    },
  },
  {
    files: [
      'server/config.ts',
      'sim/**',
      'bench/**',
      'e2e/**',
      '**/*.test.ts',
      '**/*.test.tsx',
      'playwright.config.ts',
      'instrumentation.ts',
    ],
    rules: { 'no-restricted-syntax': 'off' },
  },
  { files: ['sim/**', 'bench/**', 'e2e/**'], rules: { 'no-console': 'off' } },
  {
    files: pure,
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            { group: ['node:*', 'undici', '@kubernetes/*', 'next', 'next/*'], message: 'A pure folder does no I/O.' },
            {
              group: ['**/ports', '**/clock', '**/runtime', '**/config'],
              message: 'A pure folder knows no ports, clock or configuration.',
            },
          ],
        },
      ],
      'no-restricted-globals': ['error', 'fetch', 'setTimeout', 'setInterval', 'process', 'performance'],
      'no-restricted-properties': ['error', { object: 'Date', property: 'now', message: 'A pure folder is told the time.' }],
    },
  },
  {
    files: ['app/**', 'components/**'],
    plugins: { '@next/next': next, 'react-hooks': reactHooks },
    rules: { ...next.configs.recommended.rules, ...reactHooks.configs.recommended.rules },
  },
  {
    files: ['**/*.test.ts', '**/*.test.tsx'],
    rules: {
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
);
