import { UserError } from '../model/error.ts'
import { nearest } from '../model/nearest.ts'
import { report, type Report } from '../model/report.ts'
import { plain, plural } from '../model/text.ts'
import { noInstance, openAsked, type AskedInstance } from './asked-instance.ts'
import { applyOptimizations } from './optimize-apply.ts'
import { tablesOf, usage, verdictOfState, type OptimizeContext } from './optimize-context.ts'

type Word = (context: OptimizeContext, asked: AskedInstance, names: readonly string[]) => Promise<Report>

const WORDS: Readonly<Record<string, Word>> = { plan, apply: applyOptimizations, status, rollback }

/** Has an instance optimize itself, or asks how that went. Throws UserError. */
export async function runOptimize(context: OptimizeContext): Promise<Report> {
  const [word = '', ...names] = context.arguments
  const act = Object.hasOwn(WORDS, word) ? WORDS[word] : undefined
  const near = nearest(word, Object.keys(WORDS))
  if (!act) throw usage(`"${plain(word, 60)}" is nothing that optimize does: it knows ${Object.keys(WORDS).join(', ')}`, near === undefined ? 'medianest-perf help optimize explains them' : `did you mean ${near}?`)
  const stray = word === 'apply' ? undefined : (['at', 'autoRollback', 'aggressive', 'yes'] as const).find((name) => context.flags[name] !== undefined)
  if (stray !== undefined) throw usage(`--${stray.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} belongs to optimize apply`, 'leave it out')
  const asked = await openAsked(context)
  if (asked === null) throw noInstance('this version optimizes instances only, not this machine; medianest-perf recommend says what could be better here')
  try {
    return await act(context, asked, names)
  } finally {
    await asked.close()
  }
}

/** What the instance recommends, and the rules it says it has. */
async function plan({ host }: OptimizeContext, asked: AskedInstance, names: readonly string[]): Promise<Report> {
  if (names.length > 0) throw usage('optimize plan takes no names: it shows all that the instance tells', 'leave them out')
  const startedAt = host.wallTime()
  const { data } = await asked.ask('recommendations')
  const rules = await asked.ask('advice').then((told) => told.data.optimizations, () => [])
  const ids = data.recommendations.map(({ id }) => (typeof id === 'string' ? plain(id, 100) : ''))
  const named = ids.find((id) => id !== '')
  return report({
    command: 'optimize', title: `what ${asked.name} recommends`, startedAt, finishedAt: host.wallTime(), data: { action: 'plan', ...data, optimizations: rules },
    facts: [{ label: 'recommendations', value: data.recommendations.length }],
    tables: tablesOf([
      { title: 'Recommendations', columns: [...(named === undefined ? [] : [{ label: 'name' }]), { label: 'priority' }, { label: 'about' }, { label: 'what', isMain: true }, { label: 'effort' }], rows: data.recommendations.map(({ priority, category, title, effort }, index) => [...(named === undefined ? [] : [ids[index] || null]), priority, category, title, effort]) },
      { title: 'What it does by itself', columns: [{ label: 'rule' }, { label: 'applied' }, { label: 'effect', isMain: true }], rows: rules.map(({ rule, applied, impact }) => [rule, applied ? 'yes' : 'no', impact]) },
    ]),
    notes: ['an instance tells what an optimization would do only when it is asked to do it; documented names are cache_strategy, database_queries, memory_cleanup, database.query-caching, redis.cache-warming and container.resource-optimization', ...(named === undefined ? [] : [`have it done with: medianest-perf optimize apply ${named}`])],
  })
}

async function status({ host }: OptimizeContext, asked: AskedInstance, [id, ...more]: readonly string[]): Promise<Report> {
  if (id === undefined || more.length > 0) throw usage('optimize status wants one id', 'it is told by optimize apply')
  if (!/^[\w-]{1,100}$/.test(id)) throw usage(`"${plain(id, 60)}" is no id of an optimization`, 'it is told by optimize apply, and holds letters, digits, - and _')
  const startedAt = host.wallTime()
  const { data } = await asked.ask('optimization', { params: { optimizationId: id } })
  const verdict = verdictOfState(data.status)
  const rows = data.results.map(({ type, status: state, improvements, actions }) => [type, { text: state, tone: verdictOfState(state) }, Object.entries(improvements).map(([figure, change]) => `${figure} ${change}`).join(', '), actions.join('; ')])
  return report({
    command: 'optimize', title: `optimization ${plain(id)} of ${asked.name}: ${plain(data.status, 60)}`, verdict, startedAt, finishedAt: host.wallTime(), data,
    findings: verdict === 'ok' ? [] : [{ id: 'optimization', verdict, title: `the optimization is ${plain(data.status, 60)}`, hint: 'the log of the instance says more' }],
    facts: [...(data.startedAt === null ? [] : [{ label: 'begun', value: data.startedAt }]), ...(data.completedAt === null ? [] : [{ label: 'ended', value: data.completedAt }]), ...(data.duration === null ? [] : [{ label: 'took', value: { value: data.duration * 1_000, unit: 'ms' as const } }])],
    tables: tablesOf([{ title: 'Results', columns: [{ label: 'what' }, { label: 'state' }, { label: 'improvements' }, { label: 'done', isMain: true }], rows }]),
    notes: data.completedAt === null && verdict === 'ok' ? ['it has not ended yet: ask again later'] : [`${plural(data.results.length, 'result')}`],
  })
}

async function rollback(_context: OptimizeContext, asked: AskedInstance): Promise<Report> {
  throw new UserError({ code: 'NOT_OFFERED', kind: 'input', message: `the Performance API has no way to roll an optimization back, so ${asked.name} cannot be told to; nothing was sent`, hint: 'have it watch over the next one with: optimize apply NAME --auto-rollback' })
}
