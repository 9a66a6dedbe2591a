import type { Moment } from '../../../analysis/moment.ts'
import { plain } from '../../../model/text.ts'
import type { SystemFacts } from '../../../model/snapshot.ts'
import { paintBar } from '../painting/bar.ts'
import { isBare, paintBox } from '../painting/box.ts'
import { curve, greatest } from '../painting/curve.ts'
import { count, percent, shortSize, size, span } from '../painting/figures.ts'
import { fitFront, widthOfText } from '../painting/fit.ts'
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
/** The tag of what an instance counts for all its disks together. */
const ALL = 'all'
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
  paintMounts(inner, moment, mounts.slice(0, files))
  const deviceWidth = Math.max(0, Math.min(16, Math.max(3, ...devices.map((name) => name.length)), inner.width - 20))
  let y = files
  for (let index = 0; index < devices.length && y < inner.height; index++) {
    const rows = Math.min(perDisk, diskRows[index] ?? 0)
    if (rows > 0) paintDevice(inner.part({ x: 0, y, width: inner.width, height: rows }), moment, devices[index] ?? '', deviceWidth)
    y += rows
  }
  const device = devices[0]
  if (device !== undefined) paintTrends(inner, y, moment, RATES.map(([word, metric, tone]) => ({ label: `${device === ALL ? 'disk' : plain(device, 20)} ${word === 'r' ? 'reads' : 'writes'}`, metric, tag: device, tone, least: QUIET })))
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

/** The narrowest bar that still says something. */
const BAR = 3
/** The longest name that room is kept for before sizes are said in full. */
const NAME = 28

/** File systems below each other; all bars of a pane begin at one column and are of one length. */
function paintMounts(surface: Surface, moment: Moment, names: readonly string[]): void {
  const { ellipsis, unknown } = glyphsOf(surface)
  const shown = names.map((name) => plain(name === ALL ? 'files' : name, 80))
  const longest = Math.max(5, ...shown.map(widthOfText))
  const flag = names.some((name) => moment.value('filesystem.readonly', name) > 0) ? 3 : 0
  // A cell before the bar, and a percentage of five behind it.
  const room = surface.width - 6 - flag
  const forms = SIZES.map((form) => names.map((name) => form(moment, name, unknown)))
  const isRoomy = (texts: readonly string[], name: number): boolean => room - wideOf(texts) >= Math.min(longest, name) + BAR
  const texts = forms.find((each, index) => isRoomy(each, index === 0 ? NAME : 6)) ?? []
  const left = room - wideOf(texts)
  // A name is worth more than the empty cells of a bar.
  const nameWidth = Math.max(0, Math.min(longest, left >= 5 + BAR ? left - BAR : left))
  const bar = Math.min(40, left - nameWidth)
  for (const [index, name] of names.entries()) {
    const usage = moment.value('filesystem.usage', name)
    surface.put(0, index, fitFront(shown[index] ?? '', nameWidth, ellipsis), 'plain')
    if (moment.value('filesystem.silent', name) > 0) {
      putFit(surface, nameWidth + 1, index, surface.width - nameWidth - 1, 'silent: does not answer', 'fail')
      continue
    }
    if (bar >= BAR) paintBar(surface, nameWidth + 1, index, bar, usage)
    let x = nameWidth + 1 + (bar >= BAR ? bar : 0)
    if (x + 5 > surface.width) continue
    surface.put(x, index, ` ${percent(asDfCounts(usage), unknown)}`, toneOfShare(usage))
    x += 5
    if (moment.value('filesystem.readonly', name) > 0) surface.put(x, index, ' ro', 'warn')
    x += flag
    surface.put(x, index, ` ${texts[index] ?? ''}`.trimEnd(), 'plain')
    x += wideOf(texts)
    const inodes = moment.value('filesystem.inodes.usage', name)
    if (surface.width - x >= 12 && !Number.isNaN(inodes)) surface.put(x + 2, index, `inodes${percent(inodes, unknown)}`, inodes >= 0.85 ? 'warn' : 'faint')
  }
}

/** What is said of a file system's size, the fullest first. */
const SIZES: readonly ((moment: Moment, name: string, dash: string) => string)[] = [
  (moment, name, dash) => (isSized(moment, name) ? `${size(moment.value('filesystem.available', name), 4, dash)} free of ${shortSize(moment.value('filesystem.size', name), dash)}` : ''),
  (moment, name, dash) => (isSized(moment, name) ? `${size(moment.value('filesystem.available', name), 4, dash)} free` : ''),
]

function isSized(moment: Moment, name: string): boolean {
  return moment.value('filesystem.available', name) >= 0
}

function wideOf(texts: readonly string[]): number {
  const most = texts.reduce((wide, { length }) => Math.max(wide, length), 0)
  return most > 0 ? most + 1 : 0
}

/** A share in whole percent as df writes it: a part of a percent counts as one. */
function asDfCounts(share: number): number {
  return Math.ceil(share * 100 - 1e-3) / 100
}

function paintDevice(surface: Surface, moment: Moment, name: string, nameWidth: number): void {
  const glyphs = glyphsOf(surface)
  const { width } = surface
  const isOneLine = width >= ONE_LINE
  const figures = detailPieces(surface, moment, name)
  // `r  1.2M/s  `, twice, and the figures of the second line where they stand in the first.
  const free = width - nameWidth - 1 - 2 * 11 + 2 - (isOneLine ? 39 : 0)
  const cells = Math.max(0, Math.min(40, Math.floor((free - 2) / 2)))
  surface.put(0, 0, fitFront(plain(name === ALL ? 'disk' : name, 40), nameWidth, glyphs.ellipsis), 'plain')
  let x = nameWidth + 1
  for (const [word, metric, tone] of RATES) {
    // Half a figure would be a wrong one.
    if (x + 9 > width) break
    surface.put(x, 0, word, 'label')
    surface.put(x + 2, 0, `${size(moment.value(metric, name), 5, glyphs.unknown)}/s`, tone)
    x += 9
    if (cells >= 3) {
      const values = moment.series(metric, name, cells)
      surface.put(x + 1, 0, curve(values, cells, greatest(values, QUIET), glyphs), tone)
      x += cells + 1
    }
    x += cells >= 3 || width > nameWidth + 21 ? 2 : 1
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
  const { ellipsis, unknown } = glyphsOf(surface)
  const usage = mount === undefined ? Number.NaN : moment.value('filesystem.usage', mount)
  const isSilent = mount !== undefined && moment.value('filesystem.silent', mount) > 0
  const name = mount === ALL ? 'files' : fitFront(plain(mount ?? '', 80), 16, ellipsis)
  putPieces(surface, 1, 0, surface.width - 1, [
    piece('disk', 'label'),
    ...(mount === undefined ? [] : [piece(` ${isSilent ? 'silent' : percent(asDfCounts(usage), unknown).trimStart()}`, isSilent ? 'fail' : toneOfShare(usage)), piece(` ${name}`, 'plain', 1)]),
    ...(device === undefined
      ? []
      : [piece('  r ', 'label', 3), piece(`${size(moment.value('disk.read.rate', device), 5, unknown).trimStart()}/s`, 'read', 3), piece('  w ', 'label', 2), piece(`${size(moment.value('disk.write.rate', device), 5, unknown).trimStart()}/s`, 'write', 2)]),
  ])
}
