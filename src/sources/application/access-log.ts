import { pathOf, routeNamer } from '../../analysis/route-name.ts'
import { UserError } from '../../model/error.ts'
import type { Collected, Source } from '../../model/source.ts'
import { plain, plural } from '../../model/text.ts'
import { showBytes } from '../../model/unit.ts'
import { SampleMap } from '../sample-map.ts'
import { AnsweredSoFar } from './access-log/answered-so-far.ts'
import { unknownLines } from './access-log/errors.ts'
import { lineFormat } from './access-log/line-format.ts'
import { LogFile, type LogLimits } from './access-log/log-file.ts'
import { RequestWindow } from './access-log/request-window.ts'
import type { OpenSource } from './source-world.ts'

/** So few lines say nothing about how all of them are made. */
const TOO_FEW = 5
const TOO_FEW_ASIDE = 20
const NO_TIMES = 'its lines hold no times, so response times are not known: add $request_time to the log_format of nginx (%Dus to the LogFormat of Apache)'

/**
 * The log of a web server, read on from its end: requests, errors, times and bytes of each window between two collections, routes of the last five minutes, and all since the beginning.
 * Without times in its lines, times are not told. Throws UserError `BAD_PATTERN`, `CLASHING_FORMAT`, `BAD_ROUTE`; its collections `NO_LOG`, `LOG_FORBIDDEN`, `NOT_A_LOG`, `LOG_UNREADABLE`, `UNKNOWN_LINES`.
 */
export const openSource = ((config, terms, world, limits?: LogLimits): Source => {
  const path = world.resolve(config.path)
  const readLine = lineFormat(config)
  const nameRoute = routeNamer([config.routes ?? []].flat())
  const { prefix } = config
  const window = new RequestWindow()
  const soFar = new AnsweredSoFar()
  let since = Number.NaN
  // Of all lines since one of them was a request; what was said of them stays said until then.
  const unsure = { strange: 0, aside: 0 }
  let unknown: UserError | null = null
  let tellsBytes = false
  // Of all lines, until one of them tells a time.
  let untimed = 0

  const line = (text: string): void => {
    const request = readLine(text)
    if (request === 'aside') {
      if (window.aside === 0) window.asideExample = text.slice(0, 500)
      window.aside++
      unsure.aside++
    } else if (request === null) {
      if (window.strange === 0) window.example = text.slice(0, 500)
      window.strange++
      unsure.strange++
    } else {
      unsure.strange = 0
      unsure.aside = Number.NEGATIVE_INFINITY
      unknown = null
      untimed += Number.isNaN(request.seconds) ? 1 : Number.NEGATIVE_INFINITY
      if (prefix === undefined || pathOf(request.target).startsWith(prefix)) window.take(request, nameRoute, soFar.isKnown)
      else window.aside++
    }
  }
  const log = new LogFile(path, { line, overlong: () => void window.overlong++ }, () => world.now(), limits)

  /** Lines nobody understands are no figures. */
  const expectRequests = (): void => {
    const { requests, aside, strange, example } = window
    const lines = requests + aside + strange
    const isStrange = strange > requests + aside && Math.max(strange, unsure.strange) >= TOO_FEW
    if (isStrange) unknown = unknownLines(path, strange, lines, example)
    else if (unsure.aside >= TOO_FEW_ASIDE && lines > 0) unknown = unknownLines(path, lines, lines, window.asideExample)
    if (unknown === null) return
    window.reset()
    throw unknown
  }

  const told = (elapsedMs: number, skipped: number): Collected => {
    const writer = new SampleMap()
    const { requests, errors, times, bytes, sized } = window
    tellsBytes ||= sized > 0
    const isWhole = elapsedMs > 0 && skipped === 0
    if (isWhole) writer.set('api.request_rate', (requests / elapsedMs) * 1_000)
    if (isWhole && tellsBytes) writer.set('api.bytes.rate', (bytes / elapsedMs) * 1_000)
    writer.set('api.errors', errors / requests)
    writer.set('api.duration.avg', times.mean)
    for (const percent of [50, 95, 99] as const) writer.set(`api.duration.p${percent}`, times.percentile(percent))
    soFar.add(window.routes.values(), world.now())
    const collected = { samples: writer.samples, endpoints: soFar.endpoints(), traffic: soFar.traffic(), notes: [...(untimed >= TOO_FEW ? [NO_TIMES] : []), ...notesOf(window, skipped)] }
    window.reset()
    return collected
  }

  return {
    ...terms,
    kind: 'api',
    async collect(signal) {
      try {
        const { isFirst, skipped } = await log.readOn(signal)
        const now = world.now()
        const elapsedMs = now - since
        expectRequests()
        since = now
        return isFirst ? { samples: new Map() } : told(elapsedMs, skipped)
      } catch (error) {
        // Lines that were read before it went wrong stand in the next window; where there was nothing to read, that begins now.
        if (error instanceof UserError && (error.code === 'NO_LOG' || error.code === 'UNKNOWN_LINES') && window.requests === 0) since = world.now()
        throw error
      }
    },
    close: () => log.close(),
  }
}) satisfies OpenSource<'access-log'>

function notesOf({ strange, overlong, example }: RequestWindow, skipped: number): string[] {
  return [
    skipped > 0 ? `${showBytes(skipped)} of the log were left out, for more came than is read at once; rates are not known for this time` : '',
    overlong > 0 ? `${plural(overlong, 'line')} longer than 64 kB left out` : '',
    strange > 0 ? `${plural(strange, 'line')} could not be read, the first: ${plain(example, 120)}` : '',
  ].filter((each) => each !== '')
}
