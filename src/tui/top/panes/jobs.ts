import type { Moment } from '../../../analysis/moment.ts'
import type { MetricName } from '../../../model/metric.ts'
import { plain } from '../../../model/text.ts'
import { isBare, paintBox } from '../painting/box.ts'
import { figure, joined } from '../painting/figure-line.ts'
import { count } from '../painting/figures.ts'
import { glyphsOf } from '../painting/glyphs.ts'
import { piece, putFit, putPieces } from '../painting/pieces.ts'
import { paintTrends } from '../painting/trends.ts'
import type { Painter } from './painter.ts'

const JOB_COLUMNS = [['wait', 'jobs.waiting', 5], ['fail', 'jobs.failed', 5], ['act', 'jobs.active', 4], ['done', 'jobs.completed', 6]] as const

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
  const columns = JOB_COLUMNS.slice(0, Math.max(1, Math.floor((inner.width - 9) / 5)))
  const widths = columns.reduce((total, [, , width]) => total + width, 0)
  const queues = queuesOf(moment).map((queue) => ({ queue, waiting: moment.value('jobs.waiting', queue) || 0 })).sort((a, b) => b.waiting - a.waiting)
  const name = Math.max(0, Math.min(inner.width - widths, Math.max(12, ...queues.map(({ queue }) => queue.length + 2))))
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
  const longest = queues[0]?.queue
  if (longest !== undefined) paintTrends(inner, 1 + queues.length, moment, [{ label: `${plain(longest, 20)} waiting`, metric: 'jobs.waiting', tag: longest, tone: 'accent', least: 1 }])
}
