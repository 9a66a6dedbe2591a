import type { Answer } from '../contract/instance.ts'
import { UserError } from '../model/error.ts'
import { report, type Report } from '../model/report.ts'
import { plain } from '../model/text.ts'
import type { AskedInstance } from './asked-instance.ts'
import { tablesOf, usage, verdictOfState, type OptimizeContext } from './optimize-context.ts'
import { expectAgreement } from './person.ts'

const MOST_NAMES = 50
const DAY_MS = 86_400_000

/** Sends what is named once, after somebody has agreed to it. Throws UserError. */
export async function applyOptimizations({ host, flags }: OptimizeContext, asked: AskedInstance, names: readonly string[]): Promise<Report> {
  if (names.length === 0) throw usage('optimize apply is not told what to apply', 'name it: optimize apply memory_cleanup; optimize plan shows what the instance recommends')
  if (names.length > MOST_NAMES || names.some((name) => name.length > 100)) throw usage(`optimize apply takes up to ${MOST_NAMES} names of up to 100 characters`, 'name fewer')
  const startedAt = host.wallTime()
  const at = flags.at === undefined ? undefined : readMoment(flags.at, startedAt)
  const optimizations = [...new Set(names)]
  await expectAgreement(host, flags.yes, [
    `this has ${asked.name} run ${optimizations.map((name) => `"${plain(name, 100)}"`).join(', ')} ${at === undefined ? 'now' : `at ${at.toISOString()}`}${flags.aggressive ? ', aggressively' : ''}${flags.autoRollback ? ', to be taken back by itself when figures get worse' : ''}`,
    'what that does is up to the instance: some flush their whole cache at once, and what is done at once cannot be taken back from here',
  ])
  const body = { optimizations, ...(flags.aggressive ? { aggressive: true } : {}), ...(at === undefined ? {} : { scheduleFor: at.toISOString() }), ...(flags.autoRollback ? { autoRollback: true } : {}) }
  try {
    const { data } = await asked.ask('optimize', { body })
    return applied(data, asked.name, { startedAt, finishedAt: host.wallTime() })
  } catch (error) {
    if (!(error instanceof UserError) || error.code !== 'OPTIMIZATION_FAILED') throw error
    // An answer, and a bad one: not a failure to ask.
    return report({
      command: 'optimize', title: `optimization of ${asked.name} failed`, verdict: 'fail', startedAt, finishedAt: host.wallTime(), data: { action: 'apply', optimizations: optimizations.map((name) => ({ name })), status: 'failed', error: { code: error.code, message: error.message } },
      findings: [{ id: 'optimization', verdict: 'fail', title: error.message, hint: error.hint }],
    })
  }
}

function applied(data: Answer<'optimize'>['data'], name: string, times: Pick<Report, 'startedAt' | 'finishedAt'>): Report {
  const hasId = data.optimizationId !== ''
  const failed = data.status === 'failed' || data.optimizations.some(({ status = '' }) => verdictOfState(status) === 'fail')
  const { rollbackPlan, estimatedImprovement } = data
  return report({
    command: 'optimize', title: `optimization of ${name} ${data.status}`, verdict: failed ? 'fail' : 'ok', ...times, data,
    findings: failed ? [{ id: 'optimization', verdict: 'fail', title: 'the instance says that it failed', hint: 'the log of the instance says more' }] : [],
    facts: [
      ...(hasId ? [{ label: 'id', value: data.optimizationId }] : []), { label: 'state', value: data.status },
      ...(data.scheduledFor === undefined ? [] : [{ label: 'planned for', value: data.scheduledFor }]), ...(data.estimatedDuration === undefined ? [] : [{ label: 'will take about', value: { value: data.estimatedDuration * 1_000, unit: 'ms' as const } }]),
    ],
    tables: tablesOf([
      { title: 'What is run', columns: [{ label: 'name' }, { label: 'state' }, { label: 'risk' }, { label: 'takes' }, { label: 'what it does', isMain: true }], rows: data.optimizations.map(({ type, id, name: title, status = null, risk = null, estimatedDuration = null, description = null }) => [id ?? type ?? title ?? '', status, risk, estimatedDuration, description ?? (id === undefined ? null : title ?? null)]) },
      { title: 'What it should bring', columns: [{ label: 'figure' }, { label: 'by' }], rows: Object.entries(estimatedImprovement ?? {}) },
    ]),
    notes: [
      hasId ? `ask how it went with: medianest-perf optimize status ${data.optimizationId}` : 'the instance told no id: it has done this at once, and cannot be asked about it later',
      ...(typeof data['message'] === 'string' ? [`it says: ${data['message']}`] : []),
      ...(rollbackPlan === undefined ? [] : [`it is taken back ${rollbackPlan.automatic ? 'by itself' : 'by hand'}${rollbackPlan.triggers.length === 0 ? '' : ` on ${rollbackPlan.triggers.join(', ')}`} (${rollbackPlan.duration})`]),
    ],
  })
}

/** A moment to come: ISO 8601, in local time where it names no zone, or the next time a clock shows `02:00`. Throws UserError `USAGE`. */
function readMoment(text: string, now: Date): Date {
  const clock = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(text.trim())
  if (clock) {
    const today = new Date(now)
    today.setHours(Number(clock[1]), Number(clock[2]), 0, 0)
    return today > now ? today : new Date(today.getTime() + DAY_MS)
  }
  const at = /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text.trim()) ? new Date(text.trim()) : new Date(Number.NaN)
  if (Number.isNaN(at.getTime())) throw usage(`--at "${plain(text, 60)}" is no time`, 'write it like 2026-12-01T02:00, 2026-12-01T02:00:00Z or 02:00')
  if (at <= now) throw usage(`--at ${at.toISOString()} is over`, 'name a time to come, or leave it out for now')
  return at
}
