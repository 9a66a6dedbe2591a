import type { Asker } from '../../../src/contract/instance.ts'
import type { LoadTestBody } from '../../../src/agent/load-tests/test-order.ts'

export const ASKER: Asker = { caller: { id: 'tester', role: 'admin', userAgent: null }, signal: new AbortController().signal }

type Scenario = LoadTestBody['scenarios'][number]

/** A small test of one scenario. */
export function body(parts: Partial<LoadTestBody> = {}, scenario: Partial<Scenario> = {}): LoadTestBody {
  return { testName: 'Quick', scenarios: [{ name: 'media', target: '/api/v1/media/7', ...scenario }], load: { phases: [{ duration: 1, arrivalRate: 20, name: 'first' }, { duration: 1, arrivalRate: 10, name: 'second' }] }, ...parts }
}
