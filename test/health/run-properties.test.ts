import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { verdictOf } from '../../src/analysis/health-score.ts'
import { runChecks } from '../../src/health/run.ts'
import type { CheckResult } from '../../src/model/health.ts'
import { VERDICTS } from '../../src/model/verdict.ts'
import { check, deaf, found, options } from './checks.ts'

type Behaviour = 'ok' | 'warn' | 'unknown' | 'fail' | 'throws' | 'hangs' | 'nothing'

/** Checks that each depend on some of those before it, in any order. */
const graphs = fc
  .array(fc.record({ does: fc.constantFrom<Behaviour>('ok', 'ok', 'warn', 'unknown', 'fail', 'throws', 'hangs', 'nothing'), needs: fc.array(fc.nat(), { maxLength: 3 }), isOptional: fc.boolean(), isPreset: fc.boolean() }), { minLength: 1, maxLength: 14 })
  .chain((nodes) => fc.tuple(fc.constant(nodes), fc.shuffledSubarray(nodes.map((_, index) => index), { minLength: nodes.length })))

function look(does: Behaviour): Parameters<typeof check>[1] {
  if (does === 'throws') return () => Promise.reject(new Error('broken'))
  if (does === 'hangs') return deaf
  if (does === 'nothing') return async () => null
  return async () => found(does)
}

describe('any checks that depend on each other', () => {
  it('all end; what is spared has a failed cause above it that is not spared itself; the worst that counts decides', async () => {
    await fc.assert(
      fc.asyncProperty(graphs, async ([nodes, order]) => {
        const checks = nodes.map(({ does, needs, isOptional, isPreset }, index) => check(`c${index}`, look(does), { isOptional, isPreset, timeoutMs: 5, dependsOn: index === 0 ? [] : [...new Set(needs.map((need) => `c${need % index}`))] }))
        const results = await runChecks(order.flatMap((index) => checks[index] ?? []), options({ timeoutMs: 10_000 }))
        const byName = new Map(results.map((result) => [result.name, result]))
        const isBad = (result: CheckResult | undefined): boolean => result?.outcome.verdict === 'fail' || result?.excuse?.kind === 'dependency'
        const above = (name: string): string[] => checks.find((each) => each.name === name)?.dependsOn.flatMap((needed) => [needed, ...above(needed)]) ?? []

        for (const [index, { name, dependsOn, isPreset }] of checks.entries()) {
          const result = byName.get(name)
          const mustBeSpared = dependsOn.some((needed) => isBad(byName.get(needed)))
          if (!result) expect([nodes[index]?.does, isPreset, mustBeSpared]).toEqual(['nothing', true, false])
          else if (!mustBeSpared) expect([result.excuse, result.attempts]).toEqual([undefined, 1])
          else {
            const cause = result.excuse?.kind === 'dependency' ? result.excuse.on : ''
            expect([result.verdict, result.attempts]).toEqual(['ok', 0])
            expect(above(name)).toContain(cause)
            expect([isBad(byName.get(cause)), byName.get(cause)?.excuse]).toEqual([true, undefined])
          }
        }
        expect(VERDICTS.indexOf(verdictOf(results))).toBe(results.length === 0 ? VERDICTS.indexOf('unknown') : Math.max(...results.map(({ verdict }) => VERDICTS.indexOf(verdict))))
      }),
      { numRuns: 25 },
    )
  })
})
