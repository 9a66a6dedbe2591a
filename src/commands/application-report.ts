import { applicationShape, knows } from '../analysis/shape/application-shape.ts'
import type { Finding } from '../model/finding.ts'
import { report, type Report } from '../model/report.ts'
import { valueOf, type Snapshot } from '../model/snapshot.ts'
import { plural } from '../model/text.ts'
import type { Unit } from '../model/unit.ts'
import { worst } from '../model/verdict.ts'
import { applicationTables } from './application-tables.ts'
import type { ApplicationFigures, ApplicationQuestion } from './feed-sources.ts'
import { COMPONENTS, type Component } from '../contract/question-words.ts'
import { troubledSources } from './troubled-sources.ts'

/** When and where figures were asked for. */
export interface ApplicationTerms extends Pick<Report, 'startedAt' | 'finishedAt' | 'interrupted'> {
  /** An instance was asked, not the sources of the configuration. */
  readonly isInstance: boolean
}

/** The report of what is known of an application; null where there is nobody to ask. */
export function applicationReport(figures: ApplicationFigures | null, question: ApplicationQuestion, { isInstance, ...times }: ApplicationTerms): Report {
  const at = times.finishedAt.getTime()
  const snapshot: Snapshot | null = figures && { samples: figures.samples, application: figures.application, at, elapsedMs: Number.NaN, processes: null, alerts: [] }
  const components = COMPONENTS.filter((component) => question.components?.includes(component) ?? true)
  const unknown = snapshot ? components.filter((component) => !knows(snapshot, component)) : components
  const findings = snapshot ? unknown.map((component) => missing(component, isInstance)) : [NOBODY]
  // A part that was asked for by name must be there; of all parts, any one will do.
  const isKnown = unknown.length < components.length
  const isAll = isKnown && question.components === undefined
  const failures = [...(figures?.findings ?? []), ...(snapshot ? troubledSources(figures?.told?.meta, snapshot, components, isAll) : [])]
  // Where a source has said why it tells nothing, that is the reason.
  const judged = isAll ? [] : findings.filter((finding) => !failures.some(({ id }) => id.startsWith(finding.id.replace('application:', 'source:'))))
  return report({
    command: 'metrics',
    title: 'application metrics',
    verdict: worst([...failures, ...judged].map(({ verdict }) => verdict)),
    ...times,
    data: dataOf(figures, snapshot, components),
    meta: { timeRange: question.timeRange ?? null, aggregation: question.aggregation ?? null, dataPoints: isKnown ? 1 : 0, lastUpdate: isKnown ? new Date(at).toISOString() : null, ...figures?.told?.meta },
    samples: { samples: snapshot?.samples ?? new Map(), at },
    findings: [...failures, ...judged],
    facts: [...(snapshot && Number.isFinite(valueOf(snapshot, 'api.connections')) ? [{ label: 'connections', value: valueOf(snapshot, 'api.connections') }] : []), ...toldFacts(figures?.told)],
    tables: snapshot ? applicationTables(snapshot, components) : [],
    notes: [...(isAll && unknown.length > 0 ? [`${plural(unknown.length, 'part')} of the application not told: ${unknown.join(', ')}`] : []), ...(figures?.notes ?? [])],
  })
}

/** What an instance tells, as it tells it; else what the figures come to. */
function dataOf(figures: ApplicationFigures | null, snapshot: Snapshot | null, components: readonly Component[]): Report['data'] {
  const data: Readonly<Record<string, unknown>> = figures?.told?.data ?? (snapshot ? applicationShape(snapshot, components) : {})
  return { ...Object.fromEntries(components.map((component) => [component, data[component] ?? null])), ...(data['business'] ? { business: data['business'] } : {}) }
}

/** What only an instance knows: means and peaks over the time that was asked for. */
function toldFacts(told: ApplicationFigures['told']): Report['facts'] {
  const { requestRate, errorRate } = told?.data.api ?? {}
  const meta = told?.meta
  const over = [meta?.timeRange, meta?.aggregation].filter((word) => word !== null && word !== undefined).join(', ')
  const rows: readonly (readonly [string, number | null | undefined, Unit, number])[] = [['mean rate', requestRate?.avg, 'per_second', 1], ['peak rate', requestRate?.peak, 'per_second', 1], ['mean errors', errorRate?.avg, 'ratio', 100]]
  return [
    ...(over === '' ? [] : [{ label: 'over', value: `${over}${meta?.recordedSince ? `; values since ${meta.recordedSince}` : ''}` }]),
    ...rows.flatMap(([label, value, unit, by]) => (typeof value === 'number' ? [{ label, value: { value: value / by, unit } }] : [])),
  ]
}

const NOBODY: Finding = {
  id: 'application', verdict: 'unknown', title: 'no application is measured here: no sources are configured for its API, database, cache and job queues',
  hint: 'name an instance with --url http://host:port, MEDIANEST_API_URL or instance.url in the configuration, or tell under `collect.sources` there where its figures are',
}

const WORDS: Readonly<Record<Component, string>> = { api: 'API', database: 'database', cache: 'cache', jobs: 'job queues' }

/** The types of sources that tell of each part. */
const TYPES: Readonly<Record<Component, string>> = { api: 'prometheus, access-log or synthetic', database: 'postgres', cache: 'redis', jobs: 'queues' }

function missing(component: Component, isInstance: boolean): Finding {
  const finding = { id: `application:${component}`, verdict: 'unknown' } as const
  if (isInstance) return { ...finding, title: `the instance says nothing of its ${WORDS[component]}`, hint: 'it may have no source for that: see `collect.sources` in its configuration' }
  return { ...finding, title: `no source tells of the ${WORDS[component]}`, hint: `add one of type ${TYPES[component]} to \`collect.sources\`` }
}
