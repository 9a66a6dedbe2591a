import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

/** Tests that compare times with a computed truth, or count what one process costs; they run after all others and one at a time, so that nothing is in their way. */
const TIMED = ['test/e2e/truth.test.ts', 'test/e2e/top-cost.test.ts', 'test/e2e/sources.test.ts']

/** A shared machine may stand still for a second in the middle of a conversation with a real server; what fails twice in a row is a fault. */
const RETRIES = process.env['CI'] === undefined ? 0 : 1

const settings = {
  testTimeout: 30_000,
  hookTimeout: 30_000,
  // Where a pipeline runs the tests, the programs they start are not its steps.
  env: { NODE_ENV: 'production', MEDIANEST_PERF_CI: 'off' },
}

export default defineConfig({
  // As in the product: the production build of React, which knows nothing of development's JSX.
  oxc: { jsx: { development: false } },
  test: {
    // One less than there are processors is what it takes by itself: on two that is one, and most tests wait for something.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    reporters: ['default', './test/reporter.ts'],
    projects: [
      { extends: true, test: { ...settings, retry: RETRIES, name: 'rooms', include: ['test/**/*.test.{ts,tsx}'], exclude: TIMED, sequence: { groupOrder: 0 } } },
      { extends: true, test: { ...settings, name: 'timed', include: TIMED, fileParallelism: false, sequence: { groupOrder: 1 } } },
    ],
  },
})
