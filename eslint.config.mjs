import tseslint from 'typescript-eslint'

/** Where `process` and `console` may be named: the door to the outside world, and what is no part of the program proper. */
const outside = ['src/host.ts', 'src/**/*.worker.mjs', 'bin/**', 'bench/**', 'test/**', '*.mjs', '*.config.ts']

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', 'coverage/'] },
  {
    files: ['src/**/*.{ts,tsx}', 'test/**/*.{ts,tsx}'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/require-await': 'off',
      eqeqeq: 'error',
      'no-eval': 'error',
      'no-restricted-globals': ['error', { name: 'process', message: 'ask the Host' }, { name: 'console', message: 'ask the Host' }],
      'no-restricted-imports': ['error', { paths: ['process', 'node:process', 'console', 'node:console'].map((name) => ({ name, message: 'ask the Host' })) }],
    },
  },
  {
    files: outside,
    rules: { 'no-restricted-globals': 'off', 'no-restricted-imports': 'off' },
  },
  {
    files: ['test/**/*.{ts,tsx}'],
    rules: {
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
    },
  },
)
