import type { Moment } from '../../../analysis/moment.ts'
import type { MetricName } from '../../../model/metric.ts'
import { plain } from '../../../model/text.ts'
import { paintBar } from '../painting/bar.ts'
import { isBare, paintBox } from '../painting/box.ts'
import { curve, greatest } from '../painting/curve.ts'
import { count, percent, rate, size, span, tenths } from '../painting/figures.ts'
import { glyphsOf } from '../painting/glyphs.ts'
import { piece, putFit, putPieces, type Piece } from '../painting/pieces.ts'
import type { Surface } from '../surface.ts'
import { toneOfShare, type Tone } from '../tone.ts'
import type { Painter } from './painter.ts'

/** A line of figures: each is left out where it is not known. */
export type Line = readonly Piece[]

/** Whether any of these metrics has a value at a moment. */
export function isKnown(moment: Moment, ...metrics: readonly MetricName[]): boolean {
  return metrics.some((metric) => !Number.isNaN(moment.value(metric)))
}

/** A figure with its label; nothing where it is not known. */
export function figure(label: string, value: number, text: string, tone: Tone = 'plain', keep = 0): readonly Piece[] {
  return Number.isNaN(value) ? [] : [piece(`${label} `, 'label', keep), piece(text, tone, keep)]
}

/** Joins figures with two cells between them. */
export function joined(...figures: readonly (readonly Piece[])[]): Line {
  const line: Piece[] = []
  for (const pieces of figures) {
    if (pieces.length > 0 && line.length > 0) line.push(piece('  ', 'plain', pieces[0]?.keep ?? 0))
    line.push(...pieces)
  }
  return line
}

/** Paints lines from the top on, empty ones left out; returns the line after the last. */
export function putLines(surface: Surface, y: number, lines: readonly Line[]): number {
  let at = y
  for (const line of lines) if (line.length > 0 && at < surface.height) putPieces(surface, 0, at++, surface.width, line)
  return at
}

const apiTone = (share: number): Tone => (share >= 0.05 ? 'fail' : share >= 0.01 ? 'warn' : 'plain')

/** How many lines the API's pane could fill. */
export function apiLines(moment: Moment): number | undefined {
  return isKnown(moment, 'api.request_rate', 'api.duration.avg', 'api.duration.p95', 'api.errors') ? 3 + (moment.application ? 1 + moment.application.endpoints.length : 0) : undefined
}

/** What an instance's API does: rate, times, errors, and where it is slowest. */
export const paintApi: Painter = (surface, _screen, moment) => {
  const glyphs = glyphsOf(surface)
  const requests = moment.value('api.request_rate')
  const errors = moment.value('api.errors')
  const rates = figure('rate', requests, `${rate(requests, glyphs.unknown)}/s`, 'accent')
  const failed = figure('errors', errors, `${tenths(errors, glyphs.unknown).trimStart()}%`, apiTone(errors), 1)
  const time = (label: string, metric: MetricName, keep: number): readonly Piece[] => figure(label, moment.value(metric), span(moment.value(metric), glyphs.unknown).trimStart(), 'plain', keep)
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
  paintEndpoints(inner, putLines(inner, after, inner.height > 5 || !moment.application ? [joined(figure('connections', connections, count(connections, 4, glyphs.unknown).trimStart()), figure('errors', errors, `${tenths(errors, glyphs.unknown).trimStart()}%`, apiTone(errors)))] : []), moment)
}

function paintEndpoints(surface: Surface, y: number, moment: Moment): void {
  const { unknown } = glyphsOf(surface)
  const { width, height } = surface
  const endpoints = [...(moment.application?.endpoints ?? [])].sort((a, b) => b.avgMs - a.avgMs)
  if (endpoints.length === 0 || height - y < 2) return
  const path = width - (width >= 34 ? 19 : 7)
  surface.put(0, y, 'slowest', 'label')
  surface.put(path + 4, y, 'avg', 'label')
  if (width >= 34) surface.put(path + 8, y, 'count  err', 'label')
  for (let index = 0; index < Math.min(endpoints.length, height - y - 1); index++) {
    const row = y + 1 + index
    const endpoint = endpoints[index]
    if (!endpoint) continue
    putFit(surface, 0, row, path - 1, `${plain(endpoint.method, 8)} ${plain(endpoint.path, 120)}`)
    surface.put(path, row, ` ${span(endpoint.avgMs, unknown)}`, endpoint.avgMs >= 1_000 ? 'warn' : 'plain')
    if (width < 34) continue
    surface.put(path + 8, row, count(endpoint.count, 5, unknown))
    surface.put(path + 14, row, count(endpoint.errors, 4, unknown), endpoint.errors > 0 ? 'fail' : 'faint')
  }
}

/** How many lines the database's pane could fill. */
export function databaseLines(moment: Moment): number | undefined {
  return isKnown(moment, 'db.pool.size', 'db.pool.usage', 'db.query.avg', 'db.cache.hits') ? 4 + (moment.application?.queries.length ?? 0) : undefined
}

/** What an instance's database does: its pool, slow queries, and how often its cache answers. */
export const paintDatabase: Painter = (surface, _screen, moment) => {
  const { unknown } = glyphsOf(surface)
  const of = moment.value('db.pool.size')
  const active = moment.value('db.pool.active')
  const waiting = moment.value('db.pool.waiting')
  const slow = moment.value('db.query.slow')
  const hits = moment.value('db.cache.hits')
  const average = moment.value('db.query.avg')
  const given = moment.value('db.pool.usage')
  const usage = Number.isNaN(given) ? active / of : given
  const query = figure('query', average, span(average, unknown).trimStart())
  const slows = figure('slow', slow, count(slow, 4, unknown).trimStart(), slow > 0 ? 'warn' : 'plain')
  const hit = figure('hits', hits, percent(hits, unknown).trimStart(), hits < 0.9 ? 'warn' : 'ok')
  const waits = figure('waiting', waiting, count(waiting, 4, unknown).trimStart(), waiting > 0 ? 'warn' : 'plain', 1)
  if (isBare(surface)) return void putPieces(surface, 1, 0, surface.width - 1, joined(figure('db pool', usage, percent(usage, unknown).trimStart(), toneOfShare(usage)), query, hit.map((each) => ({ ...each, keep: 1 })), slows.map((each) => ({ ...each, keep: 2 }))))
  const inner = paintBox(surface, { left: [piece('DATABASE', 'title')] })
  paintPool(inner, usage, `${count(active, 4, unknown).trimStart()}/${count(of, 4, unknown).trimStart()}`)
  const y = putLines(inner, 1, inner.height >= 4 ? [joined(query, waits), joined(slows, hit)] : [joined(query, slows, hit.map((each) => ({ ...each, keep: 1 })))])
  const queries = [...(moment.application?.queries ?? [])].sort((a, b) => b.avgMs - a.avgMs)
  for (let index = 0; index < queries.length && y + index < inner.height; index++) {
    surface.put(1, 1 + y + index, span(queries[index]?.avgMs ?? Number.NaN, unknown), 'warn')
    putFit(inner, 7, y + index, inner.width - 7, plain(queries[index]?.query ?? '', 120), 'label')
  }
}

function paintPool(surface: Surface, usage: number, text: string): void {
  const { unknown } = glyphsOf(surface)
  if (surface.height < 1) return
  const bar = Math.min(30, surface.width - 5 - 5 - text.length - 1)
  surface.put(0, 0, 'pool', 'label')
  if (bar >= 3) paintBar(surface, 5, 0, bar, usage)
  const x = surface.put(bar >= 3 ? 5 + bar : 4, 0, ` ${percent(usage, unknown)}`, toneOfShare(usage))
  surface.put(x + 1, 0, text)
}

/** How many lines the cache's pane could fill. */
export function cacheLines(moment: Moment): number | undefined {
  return isKnown(moment, 'cache.hits', 'cache.memory', 'cache.keys', 'cache.operations.rate') ? 4 : undefined
}

/** What an instance's cache does: how often it answers, and what it takes. */
export const paintCache: Painter = (surface, _screen, moment) => {
  const { unknown } = glyphsOf(surface)
  const hits = moment.value('cache.hits')
  const memory = moment.value('cache.memory')
  const keys = moment.value('cache.keys')
  const operations = moment.value('cache.operations.rate')
  const evictions = moment.value('cache.evictions')
  const tone: Tone = hits < 0.8 ? 'warn' : 'ok'
  const sizes = figure('memory', memory, size(memory, 5, unknown).trimStart())
  if (isBare(surface)) return void putPieces(surface, 1, 0, surface.width - 1, joined([piece('cache', 'label')], figure('hits', hits, percent(hits, unknown).trimStart(), tone), sizes))
  const inner = paintBox(surface, { left: [piece('CACHE', 'title')] })
  const isHitKnown = !Number.isNaN(hits) && inner.height > 0
  if (isHitKnown) {
    const bar = inner.width - 10
    inner.put(0, 0, 'hits', 'label')
    if (bar >= 3) paintBar(inner, 5, 0, bar, hits, tone)
    inner.put(bar >= 3 ? 5 + bar : 5, 0, ` ${percent(hits, unknown)}`, tone)
  }
  putLines(inner, isHitKnown ? 1 : 0, [
    joined(sizes, figure('keys', keys, count(keys, 5, unknown).trimStart(), 'plain', 1)),
    joined(figure('ops', operations, `${rate(operations, unknown).trimStart()}/s`)),
    joined(figure('evicted', evictions, count(evictions, 5, unknown).trimStart(), evictions > 0 ? 'warn' : 'plain')),
  ])
}

const JOB_COLUMNS = [['act', 'jobs.active', 4], ['wait', 'jobs.waiting', 5], ['fail', 'jobs.failed', 5], ['done', 'jobs.completed', 6]] as const

/** How many lines the pane of the jobs could fill. */
export function jobLines(moment: Moment): number | undefined {
  const queues = queuesOf(moment).length
  return queues > 0 ? queues + 1 : undefined
}

function queuesOf(moment: Moment): readonly string[] {
  return [...new Set([...moment.tags('jobs.waiting'), ...moment.tags('jobs.active')])]
}

/** An instance's queues, those where most waits first. */
export const paintJobs: Painter = (surface, _screen, moment) => {
  const { unknown } = glyphsOf(surface)
  const sum = (metric: MetricName): number => queuesOf(moment).reduce((total, queue) => total + (moment.value(metric, queue) || 0), 0)
  if (isBare(surface)) {
    const failed = sum('jobs.failed')
    return void putPieces(surface, 1, 0, surface.width - 1, joined(figure('jobs active', 0, count(sum('jobs.active'), 4, unknown).trimStart()), figure('waiting', 0, count(sum('jobs.waiting'), 4, unknown).trimStart()), figure('failed', 0, count(failed, 4, unknown).trimStart(), failed > 0 ? 'fail' : 'plain', 1)))
  }
  const inner = paintBox(surface, { left: [piece('JOBS', 'title')] })
  const columns = JOB_COLUMNS.filter((_, index) => inner.width >= 18 + 5 * index)
  const widths = columns.reduce((total, [, , width]) => total + width, 0)
  const name = Math.max(0, inner.width - widths)
  const queues = queuesOf(moment).map((queue) => ({ queue, waiting: moment.value('jobs.waiting', queue) || 0 })).sort((a, b) => b.waiting - a.waiting)
  let x = name
  for (const [head, metric, width] of columns) {
    inner.put(x, 0, head.padStart(width), 'label')
    for (const [index, { queue }] of queues.entries()) {
      const value = moment.value(metric, queue)
      if (index + 1 < inner.height) inner.put(x + 1, index + 1, count(value, Math.max(4, width - 1), unknown).slice(-(width - 1)), metric === 'jobs.failed' && value > 0 ? 'fail' : 'plain')
    }
    x += width
  }
  for (const [index, { queue }] of queues.entries()) if (index + 1 < inner.height) putFit(inner, 0, index + 1, name - 1, plain(queue, 40))
}
