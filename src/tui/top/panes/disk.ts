import type { Moment } from '../../../analysis/moment.ts'
import { plain } from '../../../model/text.ts'
import type { SystemFacts } from '../../../model/snapshot.ts'
import { paintBar } from '../painting/bar.ts'
import { isBare, paintBox } from '../painting/box.ts'
import { curve, greatest } from '../painting/curve.ts'
import { count, percent, shortSize, size, span } from '../painting/figures.ts'
import { glyphsOf } from '../painting/glyphs.ts'
import { piece, putFit, putPieces, type Piece } from '../painting/pieces.ts'
import { paintTrends } from '../painting/trends.ts'
import type { Surface } from '../surface.ts'
import { toneOfShare } from '../tone.ts'
import { knownTags } from './known-tags.ts'
import type { Painter } from './painter.ts'

/** Types of file systems that no disk stands behind, or that are full by nature. */
const UNIMPORTANT: ReadonlySet<string> = new Set(['tmpfs', 'devtmpfs', 'ramfs', 'squashfs', 'iso9660', 'efivarfs', 'erofs', 'fuse.snapfuse', 'vfat', 'nsfs'])
/** What lies at the foot of a curve of bytes per second: less than this is no traffic to speak of. */
const QUIET = 16 * 1_024
const RATES = [['r', 'disk.read.rate', 'read'], ['w', 'disk.write.rate', 'write']] as const
/** From this width on all figures of a disk stand in one line. */
const ONE_LINE = 84

/** The mount points, those that need attention first, then the fullest; what is full by nature comes last. */
export function mountpoints(moment: Moment, facts: SystemFacts | null): readonly string[] {
  const names = new Set([...moment.tags('filesystem.usage'), ...moment.tags('filesystem.silent')])
  const rank = (name: string): number =>
    moment.value('filesystem.silent', name) > 0 ? 2 : UNIMPORTANT.has(facts?.filesystems[name]?.type ?? '') ? -1 : name.startsWith('/boot') || name.startsWith('/snap/') ? 0 : 1
  const keyed = [...names].map((name) => ({ name, rank: rank(name), usage: moment.value('filesystem.usage', name) || 0 }))
  return keyed.sort((a, b) => b.rank - a.rank || b.usage - a.usage).map(({ name }) => name)
}

/** The disks, the one that moved most since the start first, turned so that the chosen one leads. */
export function disks(moment: Moment, chosen: number): readonly string[] {
  const moved = (name: string): number => moment.value('disk.read', name) + moment.value('disk.written', name) || 0
  const names = knownTags(moment, 'disk.read', 'disk.read.rate', 'disk.utilization')
  const sorted = names.map((name) => ({ name, moved: moved(name) })).sort((a, b) => b.moved - a.moved).map(({ name }) => name)
  const first = sorted.length > 0 ? ((chosen % sorted.length) + sorted.length) % sorted.length : 0
  return [...sorted.slice(first), ...sorted.slice(0, first)]
}

/** How many lines the pane could fill. */
export function diskLines(moment: Moment, facts: SystemFacts | null): number | undefined {
  const lines = mountpoints(moment, facts).length + 2 * disks(moment, 0).length
  return lines > 0 ? lines : undefined
}

/** File systems and, below them, disks. */
export const paintDisk: Painter = (surface, screen, moment) => {
  const mounts = mountpoints(moment, screen.facts)
  const devices = disks(moment, screen.view.disk)
  if (isBare(surface)) return paintBare(surface, moment, mounts[0], devices[0])
  const silent = mounts.filter((name) => moment.value('filesystem.silent', name) > 0).length
  const inner = paintBox(surface, {
    left: [piece('DISK', 'title'), ...(silent > 0 ? [piece(`  ${silent} silent`, 'fail', 1)] : [])],
    right: devices.length > 1 ? [piece('d', 'key'), piece(` ${devices.length}`, 'label')] : [],
  })
  const perDisk = inner.width >= ONE_LINE ? 1 : 2
  const { files, diskRows } = share(inner.height, mounts.length, devices.length, perDisk)
  const nameWidth = Math.min(Math.max(6, ...mounts.slice(0, files).map((name) => name.length)), Math.floor(inner.width / 4))
  for (let index = 0; index < files; index++) paintMount(inner.part({ x: 0, y: index, width: inner.width, height: 1 }), moment, mounts[index] ?? '', nameWidth)
  const deviceWidth = Math.max(0, Math.min(16, Math.max(3, ...devices.map((name) => name.length)), inner.width - 19))
  let y = files
  for (let index = 0; index < devices.length && y < inner.height; index++) {
    const rows = Math.min(perDisk, diskRows[index] ?? 0)
    if (rows > 0) paintDevice(inner.part({ x: 0, y, width: inner.width, height: rows }), moment, devices[index] ?? '', deviceWidth)
    y += rows
  }
  const device = devices[0]
  if (device !== undefined) paintTrends(inner, y, moment, RATES.map(([word, metric, tone]) => ({ label: `${plain(device, 20)} ${word === 'r' ? 'reads' : 'writes'}`, metric, tag: device, tone, least: QUIET })))
}

/** How many file systems, and how many lines of each disk, share the lines of the pane: two of each first, then the second lines of those disks, then what else there is. */
function share(lines: number, mounts: number, devices: number, perDisk: number): { readonly files: number; readonly diskRows: readonly number[] } {
  const diskRows = Array<number>(devices).fill(0)
  let files = 0
  let left = lines
  const addFile = (): void => {
    if (left > 0 && files < mounts) {
      files++
      left--
    }
  }
  const addRow = (device: number, row: number): void => {
    if (left > 0 && device < devices && row <= perDisk) {
      diskRows[device] = row
      left--
    }
  }
  for (let first = 0; left > 0 && first < Math.max(mounts, devices); first += 2) {
    for (const index of [first, first + 1]) {
      addFile()
      addRow(index, 1)
    }
    for (const index of [first, first + 1]) addRow(index, 2)
  }
  return { files, diskRows }
}

function paintMount(surface: Surface, moment: Moment, name: string, nameWidth: number): void {
  const { unknown } = glyphsOf(surface)
  const usage = moment.value('filesystem.usage', name)
  putFit(surface, 0, 0, nameWidth, plain(name, 80), 'plain')
  if (moment.value('filesystem.silent', name) > 0) return void putFit(surface, nameWidth + 1, 0, surface.width - nameWidth - 1, 'silent: does not answer', 'fail')
  const flag = moment.value('filesystem.readonly', name) > 0 ? ' ro' : ''
  const sizes = `${size(moment.value('filesystem.used', name), 4, unknown)}/${shortSize(moment.value('filesystem.size', name), unknown)}`.padEnd(9)
  const free = surface.width - nameWidth - 6 - flag.length
  const bar = Math.min(free - sizes.length - 1, 40)
  const isWide = bar >= 3
  const cells = isWide ? bar : Math.max(0, free)
  paintBar(surface, nameWidth + 1, 0, cells, usage)
  let x = surface.put(nameWidth + 1 + cells, 0, ` ${percent(usage, unknown)}`, toneOfShare(usage))
  if (isWide) x = surface.put(x + 1, 0, sizes, 'plain')
  surface.put(x, 0, flag, 'warn')
  const inodes = moment.value('filesystem.inodes.usage', name)
  if (surface.width - x > 16 && !Number.isNaN(inodes)) surface.put(x + flag.length + 2, 0, `inodes${percent(inodes, unknown)}`, inodes >= 0.85 ? 'warn' : 'faint')
}

function paintDevice(surface: Surface, moment: Moment, name: string, nameWidth: number): void {
  const glyphs = glyphsOf(surface)
  const { width } = surface
  const isOneLine = width >= ONE_LINE
  const figures = detailPieces(surface, moment, name)
  // `r 1.2M/s  `, twice, and the figures of the second line where they stand in the first.
  const free = width - nameWidth - 1 - 2 * 10 + 2 - (isOneLine ? 39 : 0)
  const cells = Math.max(0, Math.min(40, Math.floor((free - 2) / 2)))
  putFit(surface, 0, 0, nameWidth, plain(name, 40), 'plain')
  let x = nameWidth + 1
  for (const [word, metric, tone] of RATES) {
    // Half a figure would be a wrong one.
    if (x + 8 > width) break
    surface.put(x, 0, word, 'label')
    surface.put(x + 1, 0, `${size(moment.value(metric, name), 5, glyphs.unknown)}/s`, tone)
    x += 8
    if (cells >= 3) {
      const values = moment.series(metric, name, cells)
      surface.put(x + 1, 0, curve(values, cells, greatest(values, QUIET), glyphs), tone)
      x += cells + 1
    }
    x += 2
  }
  if (isOneLine) putPieces(surface, x, 0, width, figures)
  else if (surface.height > 1) putPieces(surface, width >= 41 ? nameWidth + 1 : 1, 1, width, figures)
}

function detailPieces(surface: Surface, moment: Moment, name: string): Piece[] {
  const { unknown } = glyphsOf(surface)
  const used = moment.value('disk.utilization', name)
  const wait = moment.value('disk.await', name)
  return [
    piece('util', 'label'), piece(` ${percent(used, unknown)}`, toneOfShare(used)),
    piece('  await', 'label', 1), piece(span(wait, unknown), wait >= 100 ? 'warn' : 'plain', 1),
    piece('  iops', 'label', 2), piece(` ${count(moment.value('disk.reads.rate', name), 4, unknown).trimStart()}/${count(moment.value('disk.writes.rate', name), 4, unknown).trimStart()}`, 'plain', 2),
  ]
}

function paintBare(surface: Surface, moment: Moment, mount: string | undefined, device: string | undefined): void {
  const { unknown } = glyphsOf(surface)
  const usage = mount === undefined ? Number.NaN : moment.value('filesystem.usage', mount)
  const isSilent = mount !== undefined && moment.value('filesystem.silent', mount) > 0
  const name = plain(mount ?? '', 16)
  putPieces(surface, 1, 0, surface.width - 1, [
    piece('disk', 'label'),
    ...(mount === undefined ? [] : [piece(` ${isSilent ? 'silent' : percent(usage, unknown)}`, isSilent ? 'fail' : toneOfShare(usage)), piece(` ${name}`, 'plain', 1)]),
    ...(device === undefined
      ? []
      : [piece('  r', 'label', 2), piece(`${size(moment.value('disk.read.rate', device), 5, unknown)}/s`, 'read', 2), piece('  w', 'label', 2), piece(`${size(moment.value('disk.write.rate', device), 5, unknown)}/s`, 'write', 2)]),
  ])
}
