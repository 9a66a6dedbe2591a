import type { Moment } from '../../../analysis/moment.ts'
import { plain } from '../../../model/text.ts'
import { paintBar } from '../painting/bar.ts'
import { isBare, paintBox } from '../painting/box.ts'
import { figure, joined, lesser, putLines } from '../painting/figure-line.ts'
import { count, percent, span } from '../painting/figures.ts'
import { glyphsOf } from '../painting/glyphs.ts'
import { piece, putFit, putPieces } from '../painting/pieces.ts'
import { paintTrends, type Trend } from '../painting/trends.ts'
import type { Surface } from '../surface.ts'
import { toneOfShare } from '../tone.ts'
import type { Painter } from './painter.ts'

const KNOWN = ['db.pool.size', 'db.pool.usage', 'db.query.avg', 'db.cache.hits'] as const
const TRENDS: readonly Trend[] = [{ label: 'pool', metric: 'db.pool.usage', top: 1 }, { label: 'query', metric: 'db.query.avg', tone: 'accent' }]

/** How many lines the database's pane could fill. */
export function databaseLines(moment: Moment): number | undefined {
  return KNOWN.some((metric) => !Number.isNaN(moment.value(metric))) ? 4 + (moment.application?.queries.length ?? 0) : undefined
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
  if (isBare(surface)) return void putPieces(surface, 1, 0, surface.width - 1, joined(figure('db pool', usage, percent(usage, unknown).trimStart(), toneOfShare(usage)), query, lesser(hit, 1), lesser(slows, 2)))
  const inner = paintBox(surface, { left: [piece('DATABASE', 'title')] })
  paintPool(inner, usage, `${count(active, 4, unknown).trimStart()}/${count(of, 4, unknown).trimStart()}`)
  const y = putLines(inner, 1, inner.height >= 4 ? [joined(query, waits), joined(slows, hit)] : [joined(query, slows, lesser(hit, 1))])
  const queries = [...(moment.application?.queries ?? [])].sort((a, b) => (b.avgMs || 0) - (a.avgMs || 0))
  for (let index = 0; index < queries.length && y + index < inner.height; index++) {
    inner.put(0, y + index, span(queries[index]?.avgMs ?? Number.NaN, unknown), 'warn')
    putFit(inner, 7, y + index, inner.width - 7, plain(queries[index]?.query ?? '', 120), 'label')
  }
  paintTrends(inner, y + queries.length, moment, TRENDS)
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
