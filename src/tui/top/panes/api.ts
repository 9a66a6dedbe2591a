import type { Moment } from '../../../analysis/moment.ts'
import type { MetricName } from '../../../model/metric.ts'
import { plain } from '../../../model/text.ts'
import { isBare, paintBox } from '../painting/box.ts'
import { curve, greatest } from '../painting/curve.ts'
import { figure, joined, putLines, type FigureLine } from '../painting/figure-line.ts'
import { count, rate, span, tenths } from '../painting/figures.ts'
import { glyphsOf } from '../painting/glyphs.ts'
import { piece, putFit, putPieces } from '../painting/pieces.ts'
import { paintTrends, type Trend } from '../painting/trends.ts'
import type { Surface } from '../surface.ts'
import type { Tone } from '../tone.ts'
import type { Painter } from './painter.ts'

const TRENDS: readonly Trend[] = [{ label: 'p95', metric: 'api.duration.p95', tone: 'accent' }, { label: 'errors', metric: 'api.errors', tone: 'high', least: 0.01 }]

const apiTone = (share: number): Tone => (share >= 0.05 ? 'fail' : share >= 0.01 ? 'warn' : 'plain')

const KNOWN = ['api.request_rate', 'api.duration.avg', 'api.duration.p95', 'api.errors'] as const

/** How many lines the API's pane could fill. */
export function apiLines(moment: Moment): number | undefined {
  return KNOWN.some((metric) => !Number.isNaN(moment.value(metric))) ? 3 + (moment.application ? 1 + moment.application.endpoints.length : 0) : undefined
}

/** What an instance's API does: rate, times, errors, and where it is slowest. */
export const paintApi: Painter = (surface, _screen, moment) => {
  const glyphs = glyphsOf(surface)
  const requests = moment.value('api.request_rate')
  const errors = moment.value('api.errors')
  const rates = figure('rate', requests, `${rate(requests, glyphs.unknown)}/s`, 'accent')
  const failed = figure('errors', errors, `${tenths(errors, glyphs.unknown).trimStart()}%`, apiTone(errors), 1)
  const time = (label: string, metric: MetricName, keep: number): FigureLine => figure(label, moment.value(metric), span(moment.value(metric), glyphs.unknown).trimStart(), 'plain', keep)
  if (isBare(surface)) return void putPieces(surface, 1, 0, surface.width - 1, joined([piece('api', 'label')], rates, time('p95', 'api.duration.p95', 0), failed, time('p50', 'api.duration.p50', 2), time('p99', 'api.duration.p99', 2)))
  const inner = paintBox(surface, { left: [piece('API', 'title')], right: joined(failed) })
  const after = putLines(inner, 0, [
    joined(rates),
    joined(time('p50', 'api.duration.p50', 1), time('p95', 'api.duration.p95', 0), time('p99', 'api.duration.p99', 2), time('avg', 'api.duration.avg', 3)),
  ])
  // The curve stands behind the rate; its label, figure and a gap take 12 cells.
  const cells = Math.min(60, inner.width - 13)
  if (rates.length > 0 && cells >= 6 && inner.height > 0) {
    const values = moment.series('api.request_rate', '', cells)
    inner.put(13, 0, curve(values, cells, greatest(values, 1), glyphs), 'accent')
  }
  const connections = moment.value('api.connections')
  const endpoints = moment.application?.endpoints.length ?? 0
  // The slowest endpoints say more, where there is room for some.
  const hasRoom = endpoints === 0 || inner.height - after > 4 || inner.height - after < 2
  const y = hasRoom ? putLines(inner, after, [joined(figure('connections', connections, count(connections, 4, glyphs.unknown).trimStart()))]) : after
  paintTrends(inner, paintEndpoints(inner, y, moment), moment, TRENDS)
}

/** Returns the line after the last. */
function paintEndpoints(surface: Surface, y: number, moment: Moment): number {
  const { unknown } = glyphsOf(surface)
  const { width, height } = surface
  const endpoints = [...(moment.application?.endpoints ?? [])].sort((a, b) => (b.avgMs || 0) - (a.avgMs || 0))
  if (endpoints.length === 0 || height - y < 2) return y
  const path = Math.min(60, width - (width >= 34 ? 19 : 7))
  surface.put(0, y, 'slowest', 'label')
  surface.put(path + 4, y, 'avg', 'label')
  if (width >= 34) surface.put(path + 8, y, 'count  err%', 'label')
  for (let index = 0; index < Math.min(endpoints.length, height - y - 1); index++) {
    const row = y + 1 + index
    const endpoint = endpoints[index]
    if (!endpoint) continue
    putFit(surface, 0, row, path - 1, `${endpoint.method === '' ? '' : `${plain(endpoint.method, 8)} `}${plain(endpoint.path, 120)}`)
    surface.put(path, row, ` ${span(endpoint.avgMs, unknown)}`, endpoint.avgMs >= 1_000 ? 'warn' : 'plain')
    if (width < 34) continue
    surface.put(path + 8, row, count(endpoint.count, 5, unknown))
    surface.put(path + 14, row, tenths(endpoint.errors, unknown), endpoint.errors >= 0.0005 ? apiTone(endpoint.errors) : 'faint')
  }
  return y + 1 + Math.min(endpoints.length, height - y - 1)
}
