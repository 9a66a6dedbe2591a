import type { SourceConfigOf } from '../../../collect-schema/schema.ts'
import type { ExposedSample, Exposition } from './exposition.ts'

/** Names that a configuration gives to families and labels. */
export type NamesGiven = Pick<SourceConfigOf<'prometheus'>, 'families' | 'labels'>

/** Which label tells what; undefined where none does. */
export interface RequestLabels {
  readonly method: string | undefined
  readonly route: string | undefined
  readonly status: string | undefined
}

/** A family that counts requests. */
export interface RequestFamily {
  /** Its name: of times without `_bucket`, `_sum` and `_count`. */
  readonly name: string
  readonly labels: RequestLabels
  /** Its lines that count: of times those of `_count`. */
  readonly samples: readonly ExposedSample[]
}

/** A family of response times. */
export interface TimeFamily extends RequestFamily {
  /** Seconds that its unit has. */
  readonly scale: number
  /** The same times in finer classes and without labels, as the instrumentator of FastAPI prints them; empty where there are none. */
  readonly finer: string
}

/** What of an exposition tells of requests; `isKnown` says whether a name is known, even one without a line. */
export interface RequestFamilies {
  readonly isKnown: boolean
  readonly requests: RequestFamily | undefined
  readonly times: TimeFamily | undefined
}

/*
 * Names end in their unit; before it stands what is measured, before that perhaps whose it is: `medianest_`, `spheroseg_`, `flask_`, `prometheus_`. Known by it are prom-client,
 * express-prom-bundle, fastify-metrics, Micrometer (http_server_requests), OpenTelemetry (http_server_request_duration), the instrumentators of FastAPI, Starlette and Flask,
 * prometheus-net (http_requests_received), Traefik's services.
 */
const TIMES = /(?:^|_)(?:http_server_requests|http_(?:server_)?(?:requests?_|responses?_)?(?:duration|latency|time|processing_time|response_time|summary)|(?:api|rest|web|starlette|server|express|fastify|koa|nestjs?|service|controller)_(?:requests?|responses?)_(?:duration|latency|time|processing_time))$|^(?:requests?|responses?)_(?:duration|latency|time)$/
const REQUESTS = /(?:^|_)(?:http_(?:server_)?(?:requests?|responses?)(?:_received|_handled|_served)?|(?:api|rest|web|starlette|express|fastify|koa|nestjs?|service|controller)_(?:requests|responses))$|^requests$/
/** Requests that the application makes itself, and what a library counts of its own endpoint, are no traffic. Caddy counts one request in each of its handlers. */
const OTHERS = /(?:^|_)(?:client|upstream|outgoing|outbound|external|downstream|fetch|axios|webhooks?|promhttp|caddy)_/
const UNIT = /_(?:(seconds?)|(milliseconds|millis|ms)|(microseconds|micros|us)|(nanoseconds|nanos|ns))$/

const METHOD = ['method', 'http_method', 'http_request_method', 'request_method', 'verb']
const ROUTE = ['route', 'http_route', 'path', 'uri', 'handler', 'endpoint', 'http_target', 'url', 'view']
const STATUS = ['status_code', 'status', 'code', 'http_status_code', 'http_response_status_code', 'http_status', 'statusCode', 'response_code']

/** Finds the families that tell of requests: those that are named, else those that are known; one with lines before one without, and among those the one that tells most. */
export function requestFamilies(exposition: Exposition, given: NamesGiven): RequestFamilies {
  const names = new Set([...exposition.types.keys(), ...exposition.samples.keys()])
  const timeNames = given.families?.duration === undefined ? timesAmong(names) : [stemOf(given.families.duration)].filter((name) => isTimes(names, name))
  const countNames = given.families?.requests === undefined ? countsAmong(names, exposition) : [given.families.requests, `${given.families.requests}_total`].filter((name) => names.has(name))
  const times = best(timeNames.map((name) => timeFamily(exposition, name, given)), (family) => (exposition.samples.has(`${family.name}_bucket`) ? 4 : 0))
  const counts = countNames.map((name) => familyOf(name, exposition.samples.get(name) ?? [], given))
  // What is counted apart is told of more reliably, but no figure is worth as much as that of a status by route.
  return { isKnown: timeNames.length + countNames.length > 0, requests: best([...counts, ...(times ? [times] : [])], ({ labels }) => (labels.status === undefined ? 0 : 1)), times }
}

function timesAmong(names: ReadonlySet<string>): string[] {
  const stems = new Set([...names].map(stemOf))
  return [...stems].filter((name) => !OTHERS.test(name) && TIMES.test(name.replace(UNIT, '')) && isTimes(names, name))
}

/** Only what has sums has times of all; a gauge of the same name tells of one. */
function isTimes(names: ReadonlySet<string>, name: string): boolean {
  return names.has(`${name}_count`) || (names.has(name) && !names.has(`${name}_total`))
}

function countsAmong(names: ReadonlySet<string>, { types }: Exposition): string[] {
  return [...names].filter((name) => {
    const stem = name.replace(/_total$/, '')
    const isCounter = stem !== name || types.get(name) === 'counter'
    return isCounter && !OTHERS.test(stem) && REQUESTS.test(stem)
  })
}

function stemOf(name: string): string {
  return name.replace(/_(?:bucket|sum|count|created|max)$/, '')
}

function timeFamily(exposition: Exposition, name: string, given: NamesGiven): TimeFamily {
  const finer = name.replace(UNIT, (unit) => `_highr${unit}`)
  return { ...familyOf(name, exposition.samples.get(`${name}_count`) ?? [], given), scale: scaleOf(name, exposition), finer: exposition.samples.has(`${finer}_bucket`) && finer !== name ? finer : '' }
}

/** Seconds that one of a family's unit has: as its name, else its help says; those where neither does. */
export function scaleOf(name: string, { helps }: Pick<Exposition, 'helps'>): number {
  const [, seconds, millis, micros, nanos] = UNIT.exec(name) ?? []
  if (seconds !== undefined) return 1
  if (millis !== undefined || (micros === undefined && nanos === undefined && /\b(?:ms|milliseconds?)\b/i.test(helps.get(name) ?? ''))) return 0.001
  return micros !== undefined ? 1e-6 : nanos !== undefined ? 1e-9 : 1
}

function familyOf(name: string, samples: readonly ExposedSample[], { labels }: NamesGiven): RequestFamily {
  const seen = new Set(samples.slice(0, 1_000).flatMap((sample) => [...sample.labels.keys()]))
  const label = (given: string | undefined, usual: readonly string[]): string | undefined => (given === undefined ? usual : [given]).find((each) => seen.has(each))
  return { name, samples, labels: { method: label(labels?.method, METHOD), route: label(labels?.route, ROUTE), status: label(labels?.status, STATUS) } }
}

function best<F extends RequestFamily>(families: readonly F[], more: (family: F) => number): F | undefined {
  const worth = (family: F): number => (family.samples.length > 0 ? 16 : 0) + more(family) + (family.labels.route === undefined ? 0 : 2) + (family.labels.status === undefined ? 0 : 1)
  return families.toSorted((a, b) => worth(b) - worth(a) || a.name.length - b.name.length || (a.name < b.name ? -1 : 1))[0]
}
