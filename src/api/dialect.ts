import { readWireFacts, readWireSnapshot } from '../model/wire-snapshot.ts'
import { type Body, contentOf, isBody, textOf, timeOf, under } from './body.ts'
import { notMetrics } from './errors.ts'
import { readAlerts, type Reading, reading } from './reading.ts'
import { openSheet } from './sheet.ts'
import { readBareMetrics } from './translate/bare-metrics.ts'
import { readDocumentedMetrics, readMachine } from './translate/documented-metrics.ts'
import { readGroupedMetrics } from './translate/grouped-metrics.ts'

/** How instances answer `metrics`: by what an answer holds it is known which. */
const DIALECTS: readonly { readonly name: string; readonly speaks: (data: Body) => boolean; readonly read: (data: Body) => Reading }[] = [
  { name: 'own', speaks: (data) => Array.isArray(data['samples']), read: readOwn },
  { name: 'documented', speaks: (data) => isBody(data['metrics']), read: readUnion },
  { name: 'bare', speaks: (data) => isBody(data['performance']), read: readBareMetrics },
  { name: 'grouped', speaks: (data) => ['api', 'database', 'system', 'cache'].some((group) => isBody(data[group])), read: readGroupedMetrics },
]

/** Reads an answer of `metrics`, in its envelope or bare. Throws UserError `NOT_METRICS` where no figure is in it. */
export function readMetrics(body: unknown, where: string): Reading {
  const data = contentOf(body)
  const dialect = isBody(data) ? DIALECTS.find(({ speaks }) => speaks(data)) : undefined
  const found = dialect && isBody(data) ? dialect.read(data) : undefined
  if (!found || (found.samples.size === 0 && found.application === null)) throw notMetrics(where, isBody(data) ? Object.keys(data) : [])
  return { ...found, alerts: readAlerts(under(body, 'alerts') ?? under(data, 'alerts')), note: textOf(under(body, 'meta', 'note'), 300) }
}

/** Both documented forms in one answer: what the first says of the machine counts, and the second adds the application. */
function readUnion(data: Body): Reading {
  const [machine, application] = [readDocumentedMetrics(data), readGroupedMetrics(data)]
  return { ...machine, samples: new Map([...application.samples, ...machine.samples]), application: application.application }
}

/** Our own shape carries everything; what a reader of the documented fields finds beside it is the history. */
function readOwn(data: Body): Reading {
  const own = readWireSnapshot(data)
  const backfill = isBody(data['metrics']) ? readDocumentedMetrics(data).backfill : []
  return reading({ samples: new Map(), ...own, at: timeOf(data['timestamp']), facts: readWireFacts(data['facts']), backfill, isWhole: true })
}

/** Reads an event of type `metrics`: our own shape, or the documented groups in part. */
export function readEvent(event: Body): Reading {
  const data = isBody(event['data']) ? event['data'] : event
  const at = timeOf(event['timestamp']) ?? timeOf(data['timestamp'])
  const own = readWireSnapshot(data)
  if (own) return reading({ ...own, at, alerts: readAlerts(data['alerts']), isWhole: true })
  const sheet = openSheet()
  readMachine(isBody(data['metrics']) ? data['metrics'] : isBody(data['system']) ? data['system'] : data, sheet)
  return reading({ at, samples: sheet.samples })
}
