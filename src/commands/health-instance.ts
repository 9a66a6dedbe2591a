import { verdictOf } from '../analysis/health-score.ts'
import type { Host } from '../host.ts'
import { silence } from '../health/silence.ts'
import type { CheckResult, InstanceHealth, Outcome } from '../model/health.ts'
import { UserError } from '../model/error.ts'
import { plain } from '../model/text.ts'
import { worst } from '../model/verdict.ts'
import type { Looked, Looker } from './health-looker.ts'
import type { Instance } from './instance.ts'

interface Asking {
  readonly host: Host
  readonly components: readonly string[] | undefined
  readonly detailed: boolean
  readonly timeoutMs: number
}

/** What an instance says of its own health; one that does not answer is critical, not a reason to say nothing. */
export function lookAtInstance({ url, token }: Instance, { host, components, detailed, timeoutMs }: Asking): Looker {
  const name = plain(new URL(url).host)
  return {
    name,
    look: async (signal) => {
      const { fetchHealth } = await import('../api/health.ts')
      const began = host.now()
      try {
        return told(await fetchHealth({ url, token, timeoutMs, now: () => host.now(), wallTime: () => host.wallTime().getTime() }, { detailed, components, timeoutSeconds: timeoutMs / 1_000 }, signal), name, host)
      } catch (error) {
        // Words for a check of the configuration are of no use to who named the instance here.
        const outcome = { ...silence(error), ...(error instanceof UserError && error.hint !== undefined ? { recommendation: error.hint } : {}) }
        const result: CheckResult = { ...WHOLE, name, component: name, verdict: outcome.verdict, outcome, durationMs: host.now() - began, checkedAt: host.wallTime() }
        return { results: [result], verdict: result.verdict, uptimeMs: null, notes: [] }
      }
    },
  }
}

/** What all results of an instance as a whole have in common. */
const WHOLE = { type: 'instance', isOptional: false, isExternal: false, attempts: 1 } as const

/** An answer, with one more result for what it says of itself as a whole where no component accounts for it. */
function told({ results, verdict, issues, recommendations, score, uptimeMs, status, responseTimeMs }: InstanceHealth, name: string, host: Host): Looked {
  const whole = worst([verdict, ...(results.length > 0 ? [verdictOf(results)] : [])])
  const answer = { verdict: whole, uptimeMs, ownWord: { score } }
  const advice = recommendations.map((text) => plain(text))
  if (results.length > 0 && whole === verdictOf(results) && issues.length === 0) return { ...answer, results, notes: advice }
  const message = `says it is ${[plain(status, 80) || 'in no known state', ...issues.map((issue) => plain(issue, 200))].join(': ')}`
  const outcome: Outcome = { verdict, message, recommendation: advice[0], responseTimeMs, measures: [], details: {} }
  const overall: CheckResult = { ...WHOLE, name, component: name, verdict, outcome, durationMs: responseTimeMs, checkedAt: host.wallTime() }
  return { ...answer, results: [overall, ...results], notes: advice.slice(1) }
}
