import type { Moment } from '../../../analysis/moment.ts'
import { paintBar } from '../painting/bar.ts'
import { isBare, paintBox } from '../painting/box.ts'
import { figure, joined, putLines } from '../painting/figure-line.ts'
import { count, percent, rate, size } from '../painting/figures.ts'
import { glyphsOf } from '../painting/glyphs.ts'
import { piece, putPieces } from '../painting/pieces.ts'
import { paintTrends, type Trend } from '../painting/trends.ts'
import type { Tone } from '../tone.ts'
import type { Painter } from './painter.ts'

const KNOWN = ['cache.hit_rate', 'cache.memory', 'cache.keys', 'cache.operations.rate'] as const
const TRENDS: readonly Trend[] = [{ label: 'hits', metric: 'cache.hit_rate', tone: 'ok', top: 1 }, { label: 'ops', metric: 'cache.operations.rate', tone: 'accent' }]

/** How many lines the cache's pane could fill. */
export function cacheLines(moment: Moment): number | undefined {
  return KNOWN.some((metric) => !Number.isNaN(moment.value(metric))) ? 4 : undefined
}

/** What an instance's cache does: how often it answers, and what it takes. */
export const paintCache: Painter = (surface, _screen, moment) => {
  const { unknown } = glyphsOf(surface)
  const hits = moment.value('cache.hit_rate')
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
  const y = putLines(inner, isHitKnown ? 1 : 0, [
    joined(sizes, figure('keys', keys, count(keys, 5, unknown).trimStart(), 'plain', 1)),
    joined(figure('ops', operations, `${rate(operations, unknown).trimStart()}/s`)),
    joined(figure('evicted', evictions, count(evictions, 5, unknown).trimStart(), evictions > 0 ? 'warn' : 'plain')),
  ])
  paintTrends(inner, y, moment, TRENDS)
}
