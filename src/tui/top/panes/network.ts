import type { Moment } from '../../../analysis/moment.ts'
import { plain } from '../../../model/text.ts'
import { isBare, paintBox } from '../painting/box.ts'
import { curve, greatest } from '../painting/curve.ts'
import { count, rate, size } from '../painting/figures.ts'
import { fitFront } from '../painting/fit.ts'
import { glyphsOf } from '../painting/glyphs.ts'
import { piece, putPieces, type Piece } from '../painting/pieces.ts'
import { paintTrends } from '../painting/trends.ts'
import type { Surface } from '../surface.ts'
import { knownTags } from './known-tags.ts'
import type { Painter } from './painter.ts'

/** Less than this is no traffic to speak of: the foot of a curve of bytes per second. */
const QUIET = 16 * 1_024
const DIRECTIONS = [['received', 'network.receive.rate', 'receive'], ['sent', 'network.send.rate', 'send']] as const
/** From this width on all figures of an interface stand in one line. */
const ONE_LINE = 84

interface Interfaces {
  /** Those that are shown, the chosen one first. */
  readonly shown: readonly string[]
  /** How many virtual ones are folded away. */
  readonly folded: number
  readonly of: number
}

/** The interfaces with most traffic since the start first, real ones before virtual ones, turned so that the chosen one leads; virtual ones are folded unless chosen. */
function interfaces(moment: Moment, chosen: number, all: boolean): Interfaces {
  const keyed = interfaceNames(moment).map((name) => ({
    name,
    isVirtual: name !== 'lo' && moment.value('network.virtual', name) > 0,
    // The loopback interface is nobody's first interest, but it is not folded.
    rank: name === 'lo' ? 1 : moment.value('network.virtual', name) > 0 ? 2 : 0,
    moved: moment.value('network.received', name) + moment.value('network.sent', name) || 0,
  }))
  keyed.sort((a, b) => a.rank - b.rank || b.moved - a.moved)
  const first = keyed.length > 0 ? ((chosen % keyed.length) + keyed.length) % keyed.length : 0
  const turned = [...keyed.slice(first), ...keyed.slice(0, first)]
  const shown = turned.filter(({ isVirtual }, index) => all || !isVirtual || index === 0).map(({ name }) => name)
  return { shown, folded: keyed.length - shown.length, of: keyed.length }
}

/** How many interfaces there are to cycle through. */
export function interfaceCount(moment: Moment): number {
  return interfaceNames(moment).length
}

function interfaceNames(moment: Moment): readonly string[] {
  return knownTags(moment, 'network.received', 'network.receive.rate')
}

/** How many lines the pane could fill. */
export function networkLines(moment: Moment): number | undefined {
  const { shown, folded, of } = interfaces(moment, 0, false)
  return of > 0 ? shown.length * 2 + 2 + (folded > 0 ? 1 : 0) - (shown.includes('lo') ? 1 : 0) : undefined
}

/** Interfaces with what they receive and send, the state of TCP, errors and totals. */
export const paintNetwork: Painter = (surface, screen, moment) => {
  const { shown, folded, of } = interfaces(moment, screen.view.network, screen.view.zoomed === 'network')
  if (isBare(surface)) return paintBare(surface, moment, shown[0])
  const inner = paintBox(surface, {
    left: [piece('NET', 'title')],
    right: of > 1 ? [piece('n', 'key'), piece(` ${of}`, 'label')] : [],
  })
  const { height, width } = inner
  const isTable = width >= ONE_LINE
  const bad = troubles(moment)
  // Each with its rank: errors come first when there are some.
  const tail: readonly (readonly [rank: number, pieces: readonly Piece[]])[] = [
    [2, tcpPieces(inner, moment)],
    [bad > 0 ? 1 : 3, troublePieces(inner, moment)],
    [4, folded > 0 ? [piece(`+${folded} virtual ${glyphsOf(inner).dot} `, 'faint'), piece('n', 'key'), piece(' to cycle', 'faint')] : []],
  ]
  const filled = tail.filter(([, pieces]) => pieces.length > 0)
  const spare = Math.max(0, height - (isTable ? 1 : 2))
  const last = filled.map(([rank]) => rank).sort((a, b) => a - b)[Math.min(spare, filled.length) - 1] ?? 0
  const kept = filled.filter(([rank]) => rank <= last)
  const nameWidth = Math.min(Math.max(5, ...shown.map((name) => name.length)), isTable ? 16 : width >= 36 ? 9 : 5)
  let y = 0
  const room = height - kept.length
  for (let index = 0; index < shown.length && y < room; index++) {
    const name = shown[index] ?? ''
    // Each one that follows gets its line before one gets its second.
    const rows = isTable || (name === 'lo' && index > 0) ? 1 : Math.max(1, Math.min(2, room - y - (index === 0 ? 0 : Math.min(1, shown.length - index - 1))))
    paintInterface(inner.part({ x: 0, y, width, height: rows }), moment, name, isTable, nameWidth + 1)
    y += rows
  }
  for (const [, pieces] of kept) putPieces(inner, 0, y++, width, pieces)
  const first = shown[0]
  if (screen.view.zoomed === 'network') y = paintCounts(inner, y + 1, moment, shown)
  if (first !== undefined) paintTrends(inner, y, moment, DIRECTIONS.map(([word, metric, tone]) => ({ label: `${nameOf(first)} ${word}`, metric, tag: first, tone, least: QUIET })))
}

/** What an instance counts for all its interfaces together has no name. */
function nameOf(name: string): string {
  return name === 'all' ? 'net' : plain(name, 20)
}

function paintInterface(surface: Surface, moment: Moment, name: string, isTable: boolean, label: number): void {
  const glyphs = glyphsOf(surface)
  const { width } = surface
  surface.put(0, 0, fitFront(nameOf(name), label - 1, glyphs.ellipsis), 'plain')
  const received = moment.value('network.receive.rate', name)
  const sent = moment.value('network.send.rate', name)
  if (surface.height === 1 && !isTable) {
    const x = putPieces(surface, label, 0, width, [piece(glyphs.down, 'receive'), piece(`${size(received, 5, glyphs.unknown)}/s`, 'receive'), piece(` ${glyphs.up}`, 'send', 1), piece(`${size(sent, 5, glyphs.unknown)}/s`, 'send', 1)])
    const cells = width - x - 1
    if (cells >= 4) paintCurve(surface.part({ x: x + 1, y: 0, width: cells, height: 1 }), moment, 'network.receive.rate', name, 'receive')
    return
  }
  const tail = isTable ? 46 : 0
  const cells = isTable ? Math.floor((width - label - tail - 2 * 11) / 2) : width - label - 10
  const rows = [['network.receive.rate', received, 'receive', glyphs.down], ['network.send.rate', sent, 'send', glyphs.up]] as const
  let x = label
  for (const [index, [metric, value, tone, arrow]] of rows.entries()) {
    const y = isTable ? 0 : index
    if (!isTable) x = label
    surface.put(x, y, `${arrow} ${size(value, 5, glyphs.unknown)}/s`, tone)
    if (cells >= 4) paintCurve(surface.part({ x: x + 10, y, width: cells, height: 1 }), moment, metric, name, tone)
    x += cells + 11
  }
  if (!isTable) return
  putPieces(surface, width - tail, 0, width, [
    piece('pk/s', 'label'), piece(` ${count(moment.value('network.receive.packets.rate', name), 4, glyphs.unknown)}/${count(moment.value('network.send.packets.rate', name), 4, glyphs.unknown)}`),
    piece('  err', 'label'), piece(rate(moment.value('network.errors.rate', name), glyphs.unknown), moment.value('network.errors.rate', name) > 0 ? 'fail' : 'plain'),
    piece('  drop', 'label'), piece(rate(moment.value('network.drops.rate', name), glyphs.unknown), moment.value('network.drops.rate', name) > 0 ? 'warn' : 'plain'),
    piece(`  ${glyphs.sum}`, 'label', 1), piece(size(moment.value('network.received', name) + moment.value('network.sent', name), 5, glyphs.unknown), 'plain', 1),
  ])
}

function paintCurve(surface: Surface, moment: Moment, metric: 'network.receive.rate' | 'network.send.rate', name: string, tone: 'receive' | 'send'): void {
  const values = moment.series(metric, name, surface.width)
  surface.put(0, 0, curve(values, surface.width, greatest(values, QUIET), glyphsOf(surface)), tone)
}

const COUNTS = [
  ['received', 'network.received', 'bytes'], ['packets', 'network.received.packets', 'count'], ['errors', 'network.receive.errors', 'trouble'], ['drops', 'network.receive.drops', 'trouble'],
  ['sent', 'network.sent', 'bytes'], ['packets', 'network.sent.packets', 'count'], ['errors', 'network.send.errors', 'trouble'], ['drops', 'network.send.drops', 'trouble'],
] as const
/** Lines that the charts below the counts should have. */
const CHART = 6

/** What each interface has carried since it is there, in columns, as far as there is room; returns the line after it. */
function paintCounts(surface: Surface, y: number, moment: Moment, names: readonly string[]): number {
  const { unknown } = glyphsOf(surface)
  const rows = Math.min(names.length, surface.height - y - 1 - CHART)
  const label = Math.min(16, Math.max(5, ...names.map((name) => name.length))) + 1
  const columns = Math.min(COUNTS.length, Math.floor((surface.width - label) / 9))
  if (rows < 1 || columns < 1 || !COUNTS.some(([, metric]) => moment.tags(metric).length > 0)) return y - 1
  surface.put(0, y, 'since up', 'faint')
  for (const [column, [head, metric, kind]] of COUNTS.slice(0, columns).entries()) {
    surface.put(label + column * 9, y, head.padStart(8), 'label')
    for (let row = 0; row < rows; row++) {
      const name = names[row] ?? ''
      if (column === 0) surface.put(0, y + 1 + row, fitFront(nameOf(name), label - 1, glyphsOf(surface).ellipsis), 'plain')
      const value = moment.value(metric, name)
      surface.put(label + column * 9, y + 1 + row, kind === 'bytes' ? size(value, 8, unknown) : count(value, 5, unknown).padStart(8), kind === 'trouble' && value > 0 ? 'warn' : 'plain')
    }
  }
  return y + 1 + rows
}

function tcpPieces(surface: Surface, moment: Moment): Piece[] {
  const { unknown } = glyphsOf(surface)
  const established = moment.value('tcp.established')
  const waiting = moment.value('tcp.time_wait')
  const again = moment.value('tcp.retransmits.rate')
  if (Number.isNaN(established) && Number.isNaN(again)) return []
  return [
    piece('tcp', 'label'), piece(` ${count(established, 4, unknown).trimStart()}`), piece(' est', 'label'),
    ...(Number.isNaN(waiting) ? [] : [piece(`  ${count(waiting, 4, unknown).trimStart()}`, 'plain', 2), piece(' tw', 'label', 2)]),
    ...(Number.isNaN(again) ? [] : [piece('  retr', 'label', 1), piece(` ${rate(again, unknown).trimStart()}/s`, again >= 10 ? 'warn' : 'plain', 1)]),
  ]
}

/** A figure of all interfaces together, loopback and virtual ones left out: what they carry has been counted already. */
function sumOf(moment: Moment, metric: 'network.received' | 'network.sent' | 'network.errors.rate' | 'network.drops.rate'): number {
  let sum = Number.NaN
  for (const name of moment.tags(metric)) {
    const value = moment.value(metric, name)
    if (name === 'lo' || moment.value('network.virtual', name) > 0 || Number.isNaN(value)) continue
    sum = (Number.isNaN(sum) ? 0 : sum) + value
  }
  return sum
}

function troubles(moment: Moment): number {
  return (sumOf(moment, 'network.errors.rate') || 0) + (sumOf(moment, 'network.drops.rate') || 0)
}

function troublePieces(surface: Surface, moment: Moment): Piece[] {
  const glyphs = glyphsOf(surface)
  const errors = sumOf(moment, 'network.errors.rate')
  const drops = sumOf(moment, 'network.drops.rate')
  return [
    piece('err', 'label'), piece(` ${rate(errors, glyphs.unknown).trimStart()}`, errors > 0 ? 'fail' : 'plain'),
    piece('  drop', 'label', 1), piece(` ${rate(drops, glyphs.unknown).trimStart()}`, drops > 0 ? 'warn' : 'plain', 1),
    piece(`  ${glyphs.sum}${glyphs.down}`, 'label', 3), piece(size(sumOf(moment, 'network.received'), 5, glyphs.unknown), 'plain', 3),
    piece(`  ${glyphs.sum}${glyphs.up}`, 'label', 4), piece(size(sumOf(moment, 'network.sent'), 5, glyphs.unknown), 'plain', 4),
  ]
}

function paintBare(surface: Surface, moment: Moment, name: string | undefined): void {
  const glyphs = glyphsOf(surface)
  if (name === undefined) return
  const x = putPieces(surface, 1, 0, surface.width - 1, [
    piece('net  ', 'label'),
    piece(`${glyphs.down}${size(moment.value('network.receive.rate', name), 5, glyphs.unknown)}/s`, 'receive'),
    piece(` ${glyphs.up}${size(moment.value('network.send.rate', name), 5, glyphs.unknown)}/s`, 'send', 1),
    piece(`  ${fitFront(nameOf(name), 12, glyphs.ellipsis)}`, 'label', 2),
  ])
  const cells = surface.width - 2 - x
  if (cells >= 6) paintCurve(surface.part({ x: x + 1, y: 0, width: cells, height: 1 }), moment, 'network.receive.rate', name, 'receive')
}
