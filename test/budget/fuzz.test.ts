import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BUDGET_SECTIONS } from '../../src/model/budget.ts'
import { UserError } from '../../src/model/error.ts'
import { readBudget } from './written.ts'

const leaf = fc.oneof(fc.constantFrom('500KB', '2.5s', '80%', '1000/s', 'p(95)<500', '', '-1', '1e9', '5%', '{'), fc.double(), fc.boolean(), fc.constant(null), fc.string({ maxLength: 5 }))
const key = fc.constantFrom('max', 'min', 'warning', 'target', 'maxIncrease', 'files', 'entry', 'count', 'pages', 'p95', 'main.js', 'images', 'audits', 'categories', 'responseTime', 'throughput', 'memoryUsage', 'largestContentfulPaint', 'http_req_duration', '*', '__proto__')
const { tree } = fc.letrec((tie) => ({ tree: fc.oneof({ depthSize: 'small' }, leaf, fc.dictionary(key, tie('tree'), { maxKeys: 4 }), fc.array(leaf, { maxLength: 3 })) }))

describe('any text', () => {
  it('is a budget whose limits are numbers, or a mistake that is told', async () => {
    await fc.assert(fc.asyncProperty(fc.dictionary(fc.constantFrom(...BUDGET_SECTIONS, 'performanceBudget', 'backendBudget', 'extends', 'root', 'compression'), tree, { minKeys: 1, maxKeys: 3 }), async (value) => {
      const outcome = await readBudget(JSON.stringify(value)).catch((error: unknown) => error)
      if (outcome instanceof Error) {
        if (outcome.message !== 'no known shape') expect(outcome).toBeInstanceOf(UserError)
        return
      }
      const { lines } = outcome as Awaited<ReturnType<typeof readBudget>>
      expect(lines.flatMap(({ limits }) => limits).filter((limit) => !Number.isFinite(limit.value))).toEqual([])
      expect(lines.filter(({ limits, subjects }) => limits.length === 0 || subjects.length === 0)).toEqual([])
    }), { numRuns: 400 })
  })
})
