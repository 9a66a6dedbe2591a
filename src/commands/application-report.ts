import { applicationShape, COMPONENTS, knows, type Component } from '../analysis/shape/application-shape.ts'
import type { Finding } from '../model/finding.ts'
import { report, type Report } from '../model/report.ts'
import { valueOf, type Snapshot } from '../model/snapshot.ts'
import { plural } from '../model/text.ts'
import { worst } from '../model/verdict.ts'
import { applicationTables } from './application-tables.ts'
import type { ApplicationQuestion } from './feed-sources.ts'

/** The report of what an instance says of its application; null where there is nobody to ask. */
export function applicationReport(figures: Pick<Snapshot, 'samples' | 'application'> | null, question: ApplicationQuestion, times: Pick<Report, 'startedAt' | 'finishedAt'>): Report {
  const at = times.finishedAt.getTime()
  const snapshot: Snapshot | null = figures && { ...figures, at, elapsedMs: Number.NaN, processes: null, alerts: [] }
  const components = COMPONENTS.filter((component) => question.components?.includes(component) ?? true)
  const findings = snapshot ? components.filter((component) => !knows(snapshot, component)).map(missing) : [NOBODY]
  // A part that was asked for by name must be there; of all parts, any one will do.
  const judged = snapshot && question.components === undefined && findings.length < components.length ? [] : findings
  const isKnown = snapshot !== null && findings.length < components.length
  return report({
    command: 'metrics',
    title: 'application metrics',
    verdict: worst(judged.map(({ verdict }) => verdict)),
    ...times,
    data: snapshot ? applicationShape(snapshot, components) : Object.fromEntries(components.map((component) => [component, null])),
    meta: { timeRange: question.timeRange ?? null, aggregation: question.aggregation ?? null, dataPoints: isKnown ? 1 : 0, lastUpdate: isKnown ? new Date(at).toISOString() : null },
    samples: { samples: snapshot?.samples ?? new Map(), at },
    findings: judged,
    facts: snapshot && Number.isFinite(valueOf(snapshot, 'api.connections')) ? [{ label: 'connections', value: valueOf(snapshot, 'api.connections') }] : [],
    tables: snapshot ? applicationTables(snapshot, components) : [],
    notes: judged.length < findings.length ? [`${plural(findings.length, 'part')} of the application not told: ${findings.map(({ id }) => id.replace('application:', '')).join(', ')}`] : [],
  })
}

const NOBODY: Finding = {
  id: 'application', verdict: 'unknown', title: 'no application is measured here: API, database, cache and job queues are figures of an instance',
  hint: 'name an instance with --url http://host:port, MEDIANEST_API_URL or instance.url in the configuration',
}

function missing(component: Component): Finding {
  return { id: `application:${component}`, verdict: 'unknown', title: `the instance says nothing of its ${component === 'api' ? 'API' : component}` }
}
