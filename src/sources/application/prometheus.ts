import { UserError } from '../../model/error.ts'
import { plain } from '../../model/text.ts'
import type { Collected } from '../../model/source.ts'
import { sendHttp, HttpProblem, type HttpAnswer } from '../../services/http.ts'
import { SampleMap } from '../sample-map.ts'
import { apiRates, summaryQuantiles } from './prometheus/api-figures.ts'
import { brokenMetrics, notMetrics, nothingKnown, processesInTurn, tooMuch, wrongStatus } from './prometheus/errors.ts'
import { ExpositionProblem, readExposition, type Exposition } from './prometheus/exposition.ts'
import { requestFamilies } from './prometheus/families.ts'
import { gainsOf, remembered, type CountsBefore } from './prometheus/gains.ts'
import { readLevels, startedAt, upFor } from './prometheus/levels.ts'
import { countsOf, gained, requestSeries } from './prometheus/request-series.ts'
import { partCounts, partRates } from './prometheus/part-counts.ts'
import { beginTally } from './prometheus/tally.ts'
import type { OpenSource } from './source-world.ts'
import { collectionTime, readAddress, requestHeaders, showAddress, showLocation } from './web-request.ts'

/** Most of an exposition that is read, bytes, unpacked. */
const MOST_BYTES = 16_000_000
/** Prometheus asks for its own formats in the same way. */
const ACCEPT = 'text/plain;version=0.0.4, application/openmetrics-text;version=1.0.0;q=0.5, */*;q=0.1'
/** How far clocks may be apart before a process that began is taken for one that was there all along, seconds. */
const CLOCKS_APART = 60
const MOST_PROCESSES = 16

interface Before extends CountsBefore {
  /** Monotonic milliseconds. */
  readonly at: number
  /** Milliseconds since 1970. */
  readonly wall: number
}

/**
 * Scrapes the application's own endpoint for Prometheus: rates, times and errors are of the time since the scrape before, endpoints of the last five minutes, traffic since the
 * source began. Errors are answers of status 400 or more; a request without an answer no server can count. A family that is declared and has no line says nothing, not 0.
 */
export const openSource: OpenSource<'prometheus'> = (config, terms, world) => {
  const url = readAddress(config.url)
  const address = showAddress(url)
  const timeoutMs = collectionTime(config, terms.intervalMs)
  const tally = beginTally()
  let before: Before | undefined
  let processes: readonly number[] = []
  let wasKnown = false

  function read(exposition: Exposition): Collected {
    const now = { at: world.now(), wall: world.wallTime().getTime(), startedAt: startedAt(exposition) }
    const families = requestFamilies(exposition, config)
    const levels = readLevels(exposition, config.families?.connections)
    const series = requestSeries(exposition, families, url.pathname)
    const counts = new Map([...countsOf(series), ...partCounts(exposition)])
    const isStrange = !families.isKnown && (levels.length + counts.size === 0 || namesOf(config.families).length > 0)
    if (isStrange && !wasKnown) throw nothingKnown(address, [...new Set([...exposition.types.keys(), ...exposition.samples.keys()])], namesOf(config.families))
    wasKnown = true
    const last = settleProcess({ ...now, counts })
    const map = new SampleMap()
    for (const { metric, tag, value } of levels) map.set(metric, value, tag)
    map.set('instance.uptime', Number.isNaN(now.startedAt) ? upFor(exposition) : Math.max(0, now.wall - now.startedAt * 1_000))
    const gains = last ? gainsOf(last, { counts, startedAt: now.startedAt }) : null
    const gainedNow = gained(series, gains)
    tally.add(gainedNow, series, now.at)
    if (last && gains) {
      const elapsedMs = now.at - last.at
      if ((families.requests?.samples.length ?? 0) > 0) for (const [metric, value] of apiRates(gainedNow, elapsedMs)) map.set(metric, value)
      for (const [metric, value] of partRates(gains, elapsedMs)) map.set(metric, value)
    }
    if (series.times.every(({ buckets }) => buckets.length === 0)) for (const [metric, value] of summaryQuantiles(series.times)) map.set(metric, value)
    return { samples: map.samples, endpoints: last ? tally.endpoints() : undefined, traffic: families.isKnown ? tally.traffic() : undefined }
  }

  /** What to compare with: nothing at the first look, nor where another process answers than the one before. Throws UserError where they take turns. */
  function settleProcess(now: Before): Before | undefined {
    const last = before
    before = { ...now, counts: remembered(last, now).counts }
    const isOther = last !== undefined && Math.abs(now.startedAt - last.startedAt) > 1
    if (!isOther) return last
    const isKnown = processes.some((each) => Math.abs(each - now.startedAt) <= 1)
    processes = [...processes.filter((each) => Math.abs(each - last.startedAt) > 1), last.startedAt].slice(-MOST_PROCESSES)
    if (isKnown) throw processesInTurn(address)
    // One that was there all along has counted what is not of the time between.
    return now.startedAt < last.startedAt || now.startedAt < last.wall / 1_000 - CLOCKS_APART ? undefined : last
  }

  return {
    ...terms,
    kind: 'api',
    async collect(signal) {
      const headers: Record<string, string> = { accept: ACCEPT, 'accept-encoding': 'gzip', ...(await requestHeaders(config, url, world)) }
      const answer = await sendHttp({ url, method: 'GET', headers, insecure: config.insecure, maxBodyBytes: MOST_BYTES, signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]), timeoutMs }).catch((error: unknown) => {
        throw error instanceof HttpProblem ? new UserError({ code: 'NO_METRICS', kind: 'unreachable', message: `the metrics of ${address} cannot be asked for: ${error.message}`, hint: error.hint ?? 'see whether the application runs, and the url of this source' }) : error
      })
      return read(textOf(answer, headers['authorization'] !== undefined))
    },
    close: async () => undefined,
  }

  function textOf(answer: HttpAnswer, hasToken: boolean): Exposition {
    const { status, headers, body } = answer
    const type = (headers['content-type'] ?? '').toLowerCase()
    if (status !== 200) throw wrongStatus(address, status, hasToken, status >= 300 && status < 400 ? showLocation(headers['location'], url) : undefined)
    if (answer.isCut) throw tooMuch(address, MOST_BYTES)
    if (type.includes('html') || /^\s{0,100}</.test(body)) throw notMetrics(address, 'a page (HTML)')
    if (type.includes('json') || /^\s{0,100}[{[]/.test(body)) throw notMetrics(address, 'JSON')
    if (type.includes('protobuf')) throw notMetrics(address, `what is no text (${plain(type, 80)})`)
    // Where the end of the connection is the end of the answer, one that broke off looks whole.
    const needsEnd = headers['content-length'] === undefined && headers['transfer-encoding'] === undefined
    try {
      return readExposition(body, { isOpenMetrics: type.startsWith('application/openmetrics-text'), needsEnd })
    } catch (error) {
      throw error instanceof ExpositionProblem ? brokenMetrics(address, error) : error
    }
  }
}

function namesOf(families: { readonly requests?: string | undefined; readonly duration?: string | undefined } | undefined): string[] {
  return [families?.requests, families?.duration].filter((name) => name !== undefined)
}
