import type { CheckResult, Outcome } from '../../src/model/health.ts'

/** A result with nothing in it but what is given; `outcome` follows the verdict where it says nothing else. */
export function result(name: string, { outcome, ...parts }: Omit<Partial<CheckResult>, 'outcome'> & { readonly outcome?: Partial<Outcome> } = {}): CheckResult {
  const verdict = outcome?.verdict ?? parts.verdict ?? 'ok'
  return {
    name, type: 'http', component: 'services', isOptional: false, isExternal: false, verdict, attempts: 1, durationMs: 5, checkedAt: new Date('2026-11-21T12:00:00Z'),
    outcome: { verdict, message: `it is ${verdict}`, measures: [], details: {}, ...outcome },
    ...parts,
  }
}
