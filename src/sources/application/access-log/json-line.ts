import { readRequestLine, readSeconds, readSize, readStatus, type LoggedRequest, type ReadLine, type TimeUnit } from './logged-request.ts'

/** Names of fields of JSON lines; with dots for fields inside others. */
export type FieldNames = Readonly<Partial<Record<'method' | 'path' | 'status' | 'duration' | 'bytes', string | undefined>>>

/** Where the parts of a request stand in the lines of one kind of program, and what its durations count. */
interface Dialect {
  readonly method: readonly Path[]
  readonly path: readonly Path[]
  readonly status: readonly Path[]
  readonly duration: readonly (readonly [path: Path, unit: TimeUnit])[]
  readonly bytes: readonly Path[]
}

type Path = readonly string[]

const paths = (...names: string[]): Path[] => names.map((name) => name.split('.'))
const times = (...pairs: (readonly [string, TimeUnit])[]): [Path, TimeUnit][] => pairs.map(([name, unit]) => [name.split('.'), unit])

/** In the order they are tried; the names of the first are in no line of another. */
const DIALECTS: readonly Dialect[] = [
  // https://caddyserver.com/docs/caddyfile/directives/log: seconds, or text with a unit
  { method: paths('request.method'), path: paths('request.uri'), status: paths('status'), duration: times(['duration', 's']), bytes: paths('size') },
  // https://doc.traefik.io/traefik/observability/access-logs/: nanoseconds
  { method: paths('RequestMethod'), path: paths('RequestPath'), status: paths('DownstreamStatus', 'OriginStatus'), duration: times(['Duration', 'ns']), bytes: paths('DownstreamContentSize', 'OriginContentSize') },
  // https://github.com/pinojs/pino-http: milliseconds
  { method: paths('req.method'), path: paths('req.url'), status: paths('res.statusCode', 'res.status'), duration: times(['responseTime', 'ms'], ['duration', 'ms']), bytes: paths('res.headers.content-length', 'res.contentLength') },
  // https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage: milliseconds
  { method: paths('method'), path: paths('path', 'x-envoy-original-path'), status: paths('response_code'), duration: times(['duration', 'ms']), bytes: paths('bytes_sent') },
  // nginx's own names of variables, morgan's tokens, and what people make of them; the unit is that of whoever first had the name
  {
    method: paths('request_method', 'method', 'verb', 'http_method', 'http.request.method', 'http.method'),
    path: paths('request_uri', 'uri', 'url', 'path', 'originalUrl', 'original_url', 'url.path', 'http.target', 'http.url', 'request'),
    status: paths('status', 'statusCode', 'status_code', 'http.response.status_code', 'http.status_code', 'response.status', 'code'),
    duration: times(['request_time', 's'], ['responseTime', 'ms'], ['response_time', 'ms'], ['response-time', 'ms'], ['responseTimeMs', 'ms'], ['response_time_ms', 'ms'], ['duration_ms', 'ms'], ['durationMs', 'ms'], ['elapsed_ms', 'ms'], ['latency_ms', 'ms'], ['duration', 's'], ['upstream_response_time', 's']),
    bytes: paths('body_bytes_sent', 'bytes_sent', 'content-length', 'contentLength', 'content_length', 'bytes', 'size', 'length'),
  },
]

/** JSON lines, of the dialect whose status and path they have; fields that are named are looked for where they are said to be, and nowhere else. Lines with neither are about something else. */
export function jsonLine(fields: FieldNames = {}, unit?: TimeUnit): ReadLine {
  const own = Object.values(fields).some((name) => name !== undefined)
  const dialects = own ? [withNames(DIALECTS.at(-1)!, fields)] : DIALECTS // Non-null: there is a last one.
  return (line) => {
    // A journal or a container puts its own words before.
    const start = line.indexOf('{')
    if (start < 0 || start > 200) return null
    const parsed = parse(start === 0 ? line : line.slice(start))
    if (parsed === null) return null
    for (const dialect of dialects) {
      const request = read(parsed, dialect, unit)
      if (request !== null) return request
    }
    return 'aside'
  }
}

function parse(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null
  } catch {
    return null
  }
}

function withNames(dialect: Dialect, fields: FieldNames): Dialect {
  const named = (name: string | undefined, usual: readonly Path[]): readonly Path[] => (name === undefined ? usual : paths(name))
  const { duration } = fields
  const known = dialect.duration.find(([path]) => path.join('.') === duration)
  return {
    method: named(fields.method, dialect.method), path: named(fields.path, dialect.path), status: named(fields.status, dialect.status), bytes: named(fields.bytes, dialect.bytes),
    duration: duration === undefined ? dialect.duration : times([duration, known?.[1] ?? 's']),
  }
}

function read(line: object, dialect: Dialect, unit: TimeUnit | undefined): LoggedRequest | null {
  const status = readStatus(firstText(line, dialect.status))
  const [target, from] = first(line, dialect.path)
  if (status === null || target === '') return null
  const timed = dialect.duration.map(([path, own]) => [textAt(line, path), own] as const).find(([text]) => text !== '' && text !== '-')
  const size = firstText(line, dialect.bytes)
  const asked = from?.at(-1) === 'request' || (target.includes(' HTTP/') && !target.startsWith('/')) ? readRequestLine(target) : { method: firstText(line, dialect.method), target }
  return { ...asked, status, seconds: timed ? readSeconds(timed[0], unit ?? timed[1]) : Number.NaN, bytes: size === '' ? Number.NaN : readSize(size) }
}

function first(line: object, all: readonly Path[]): [text: string, path: Path | undefined] {
  for (const path of all) {
    const text = textAt(line, path)
    if (text !== '') return [text, path]
  }
  return ['', undefined]
}

function firstText(line: object, all: readonly Path[]): string {
  return first(line, all)[0]
}

/** The text or number at a path of fields, whose name may hold its dots itself; empty where there is none. */
function textAt(line: object, path: Path): string {
  const whole = path.length > 1 ? path.join('.') : undefined
  let value: unknown = line
  if (whole !== undefined && Object.hasOwn(line, whole)) value = (line as Record<string, unknown>)[whole] // any object has names
  else {
    for (const name of path) {
      if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return ''
      value = (value as Record<string, unknown>)[name] // an object, by the line before
    }
  }
  // Some write lists of headers: one of them counts.
  if (Array.isArray(value)) value = value[0]
  return typeof value === 'string' ? value.trim() : typeof value === 'number' ? String(value) : ''
}
