import type { Moment } from '../../../analysis/moment.ts'
import { plain } from '../../../model/text.ts'
import { processKey } from '../../../model/process.ts'
import { denseCurve, greatest } from '../painting/curve.ts'
import { count, size, tenths } from '../painting/figures.ts'
import { fit } from '../painting/fit.ts'
import type { Glyphs } from '../painting/glyphs.ts'
import { processorTime } from '../painting/times.ts'
import type { TableRow } from '../screen.ts'
import { toneOfShare, type Tone } from '../tone.ts'
import type { Sort } from '../view.ts'

/** A column of the process table. */
export interface Column {
  readonly head: string
  readonly width: number
  /** How gladly it stays where there is no room for all; 0 the most. */
  readonly keep: number
  readonly isRight: boolean
  /** The order that makes the arrow stand in its head. */
  readonly sort?: Sort
  text(row: TableRow, moment: Moment, glyphs: Glyphs, width: number): string
  tone?(row: TableRow): Tone
}

/** How many ticks the curve of a process covers. */
const CURVE_TICKS = 20

const io = (value: number, { unknown }: Glyphs): string => size(value, 5, unknown)
const toneOfIo = (value: number, tone: Tone): Tone => (value > 0 ? tone : 'faint')

/** The columns before the command, from left to right; the command has what is left. */
export const COLUMNS: readonly Column[] = [
  { head: 'PID', width: 7, keep: 0, isRight: true, sort: 'pid', text: ({ process }) => String(process.program.pid), tone: () => 'label' },
  { head: 'USER', width: 9, keep: 4, isRight: false, sort: 'user', text: ({ process }, _moment, glyphs, width) => fit(plain(process.program.user, 32), width, glyphs.ellipsis) },
  { head: 'CPU%', width: 6, keep: 0, isRight: true, sort: 'cpu', text: ({ process }, _moment, { unknown }) => tenths(process.cpu, unknown), tone: ({ process }) => (process.cpu < 0.05 ? 'faint' : toneOfShare(process.cpu)) },
  {
    head: ' CPU trend', width: 11, keep: 6, isRight: false,
    text: ({ process }, moment, glyphs, width) => {
      const cells = width - 1
      const values = moment.processSeries(processKey(process.program), CURVE_TICKS)
      // One processor is the measure, unless a process used more.
      return ` ${denseCurve(values, cells, greatest(values, 1), glyphs)}`
    },
    tone: ({ process }) => toneOfShare(process.cpu),
  },
  { head: 'MEM%', width: 5, keep: 1, isRight: true, sort: 'memory', text: ({ process }, _moment, { unknown }) => tenths(process.memory, unknown) },
  { head: 'RES', width: 5, keep: 3, isRight: true, text: ({ process }, _moment, { unknown }) => size(process.residentBytes, 5, unknown) },
  { head: 'IO r/s', width: 6, keep: 8, isRight: true, sort: 'io', text: ({ process }, _moment, glyphs) => io(process.readRate, glyphs), tone: ({ process }) => toneOfIo(process.readRate, 'read') },
  { head: 'IO w/s', width: 7, keep: 8, isRight: true, sort: 'io', text: ({ process }, _moment, glyphs) => io(process.writeRate, glyphs), tone: ({ process }) => toneOfIo(process.writeRate, 'write') },
  { head: 'THR', width: 4, keep: 9, isRight: true, text: ({ process }, _moment, { unknown }) => count(process.threads, 4, unknown) },
  { head: 'S', width: 1, keep: 5, isRight: false, text: ({ process }) => process.state.slice(0, 1), tone: ({ process }) => (process.state === 'D' || process.state === 'Z' ? 'fail' : process.state === 'R' ? 'ok' : 'label') },
  { head: 'TIME+', width: 8, keep: 7, isRight: true, sort: 'time', text: ({ process }, _moment, { unknown }) => processorTime(process.cpuTimeMs, unknown) },
  { head: 'CTR', width: 9, keep: 10, isRight: false, text: ({ process }, _moment, glyphs, width) => fit(plain(process.program.container ?? '', 64), width, glyphs.ellipsis), tone: () => 'accent' },
]
/** Room the command should have before the least important columns are shown. */
const COMMAND = 24

/** The columns that fit into `width` cells beside a command that can be read, those of equal rank together. */
export function columnsFor(width: number, has: (column: Column) => boolean): readonly Column[] {
  let kept = COLUMNS.filter(has)
  while (kept.length > 0) {
    const taken = kept.reduce((sum, column) => sum + column.width + 1, 0)
    const worst = kept.reduce((most, { keep }) => Math.max(most, keep), 0)
    if (width - taken >= Math.min(COMMAND, Math.floor(width * 0.4)) || worst === 0) return kept
    kept = kept.filter(({ keep }) => keep !== worst)
  }
  return kept
}
