import { snapshotFigures } from '../analysis/budget/snapshot-figures.ts'
import { userFigures } from '../analysis/budget/user-figures.ts'
import type { BudgetLine } from '../model/budget.ts'
import { UserError } from '../model/error.ts'
import type { Measurements } from '../model/measurements.ts'
import { metricNamed } from '../model/metric.ts'
import type { Snapshot } from '../model/snapshot.ts'
import { isWebMetric } from '../model/web-metrics.ts'
import type { BudgetContext } from './budget-run.ts'
import type { FeedSources } from './feed-sources.ts'
import { oneInstance } from './instance.ts'

/** Whether a line can be told by an instance or by this machine. */
export function asksSystem({ subjects }: BudgetLine): boolean {
  return subjects.some((subject) => subject.kind === 'series' && (metricNamed(subject.metric) !== undefined || subject.metric === 'disk.operations.rate'))
}

/** Whether a line can be told by real users' browsers; `first` where they are to be preferred. */
export function asksUsers({ subjects }: BudgetLine, { first }: { readonly first: boolean }): boolean {
  return (first ? subjects.slice(0, 1) : subjects).some((subject) => subject.kind === 'series' && isWebMetric(metricNamed(subject.metric) ?? subject.metric))
}

type InstanceContext = Pick<BudgetContext, 'host' | 'config' | 'instances' | 'global'>

/** What the instance says that is named, if one is, and with `users` what their browsers told; null for none. Throws UserError. */
export async function askInstance(context: InstanceContext, { users }: { readonly users: boolean }): Promise<Measurements | null> {
  const instance = oneInstance(await context.instances())
  if (instance === null) return null
  const { openSources } = await import('./feed-sources.ts')
  const { lookOnce, askApplication, askUsers } = await openSources(context)
  // At the same time, so that one that hangs takes no longer than the others may.
  const over = new AbortController()
  const telling = users && askUsers ? tellUsers(askUsers, AbortSignal.any([context.host.interrupts.drain, over.signal])) : Promise.resolve(NO_USERS)
  try {
    const figures = await askFigures({ lookOnce, askApplication })
    const told = await telling
    if (figures instanceof UserError && told.series.length === 0) throw figures
    const { samples, application } = figures instanceof UserError ? { samples: new Map(), application: null } : figures
    const known = snapshotFigures(instance.url, { at: context.host.wallTime().getTime(), samples, application })
    return { ...known, series: [...known.series, ...told.series], notes: [...known.notes, ...told.notes] }
  } finally {
    over.abort()
    await telling.catch(() => undefined)
  }
}

/** What is said of the machine and the application; an error where neither is offered. Throws UserError. */
async function askFigures({ lookOnce, askApplication }: Pick<FeedSources, 'lookOnce' | 'askApplication'>): Promise<Pick<Snapshot, 'samples' | 'application'> | UserError> {
  const offered = async <T>(ask: (() => Promise<T>) | undefined): Promise<T | UserError | undefined> => ask?.().catch((error: unknown) => {
    if (error instanceof UserError && error.code === 'NOT_OFFERED') return error
    throw error
  })
  const application = await offered(askApplication && (() => askApplication({ components: undefined, timeRange: undefined, aggregation: undefined })))
  const look = await offered(lookOnce)
  if (application instanceof UserError && look instanceof UserError) return look
  const [figures, machine] = [application instanceof UserError ? undefined : application, look instanceof UserError ? undefined : look?.snapshot]
  // What is said of the application by itself is more than what stands beside the machine's figures.
  return { samples: new Map([...(machine?.samples ?? []), ...(figures?.samples ?? [])]), application: figures?.application ?? machine?.application ?? null }
}

type Told = Pick<Measurements, 'series' | 'notes'>

const NO_USERS: Told = { series: [], notes: [] }

/** What users' browsers told, else why nothing is known of them: no other figure fails with it. */
async function tellUsers(ask: NonNullable<FeedSources['askUsers']>, signal: AbortSignal): Promise<Told> {
  try {
    return userFigures(await ask(signal))
  } catch (error) {
    if (error instanceof UserError && !signal.aborted) return { series: [], notes: [error.message] }
    throw error
  }
}
