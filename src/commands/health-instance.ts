import { verdictOf } from '../analysis/health-score.ts'
import type { Host } from '../host.ts'
import { UserError } from '../model/error.ts'
import type { CheckResult, InstanceHealth } from '../model/health.ts'
import { plain } from '../model/text.ts'
import { worst, type Verdict } from '../model/verdict.ts'
import type { Looked, Looker } from './health-run.ts'
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
        if (!(error instanceof UserError)) throw error
        const result = silent(error, name, { durationMs: host.now() - began, checkedAt: host.wallTime() })
        return { results: [result], verdict: result.verdict, uptimeMs: null, notes: [] }
      }
    },
  }
}

/** An answer, with one more result for what it says of itself as a whole where no component accounts for it. */
function told(health: InstanceHealth, name: string, host: Host): Looked {
  const { results, verdict, issues, recommendations, score, uptimeMs, status, responseTimeMs } = health
  const ofParts = verdictOf(results)
  const whole = worst([verdict, ...(results.length > 0 ? [ofParts] : [])])
  const says = `${plain(status, 80)}${issues.length > 0 ? `: ${issues.map((issue) => plain(issue, 200)).join('; ')}` : ''}`
  const isExplained = results.length > 0 && whole === ofParts && issues.length === 0
  const overall: CheckResult = {
    name, type: 'instance', component: name, isOptional: false, isExternal: false, verdict,
    outcome: { verdict, message: `says it is ${says}`, recommendation: recommendations[0] === undefined ? undefined : plain(recommendations[0]), responseTimeMs, measures: [], details: {} },
    attempts: 1, durationMs: responseTimeMs, checkedAt: host.wallTime(),
  }
  return { results: isExplained ? results : [overall, ...results], verdict: whole, uptimeMs, ownWord: { score }, notes: recommendations.slice(1).map((text) => plain(text)) }
}

function silent({ kind, message, hint }: UserError, name: string, times: Pick<CheckResult, 'durationMs' | 'checkedAt'>): CheckResult {
  const verdict: Verdict = kind === 'unreachable' ? 'fail' : 'unknown'
  return { name, type: 'instance', component: name, isOptional: false, isExternal: false, verdict, outcome: { verdict, message: plain(message), recommendation: hint, measures: [], details: {} }, attempts: 1, ...times }
}
