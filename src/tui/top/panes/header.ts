import type { Surface } from '../surface.ts'
import type { Screen } from '../screen.ts'
import { plain } from '../../../model/text.ts'
import { short, shortSize } from '../painting/figures.ts'
import { glyphsOf, type Glyphs } from '../painting/glyphs.ts'
import { piece, putPieces, putPiecesRight, type Piece } from '../painting/pieces.ts'
import { briefly, interval, timeOfDay, uptime } from '../painting/times.ts'

/** The first line: which system this is, how it does, and what time its picture is of; it counts the open alarms where no pane tells of them. */
export function paintHeader(surface: Surface, screen: Screen, countsAlarms: boolean): void {
  const glyphs = glyphsOf(surface)
  const { width } = surface
  // What is said at the right is cut only after what is said at the left has been.
  const from = putPiecesRight(surface, Math.min(12, Math.floor(width / 3)), width - 1, 0, [...(countsAlarms ? alarmPieces(screen, glyphs) : []), ...statusPieces(screen, glyphs)])
  putPieces(surface, 1, 0, Math.max(1, from - 1), namePieces(screen, glyphs))
}

function namePieces({ facts, feed, moment }: Screen, { dot }: Glyphs): Piece[] {
  const up = moment?.value('uptime') ?? Number.NaN
  const counted = moment?.value('cpu.cores') ?? Number.NaN
  const cores = Number.isNaN(counted) ? (facts?.cores ?? Number.NaN) : counted
  const about = [facts ? plain(facts.os, 30) : '', Number.isNaN(cores) ? '' : `${Math.round(cores)} cpu`, Number.isNaN(up) ? '' : `up ${uptime(up)}`]
  const told = about.filter((text) => text !== '')
  return [
    piece('medianest-perf ', 'title', 9), piece('top', 'title', 2), piece('  ', 'plain', 2), ...systemPieces(facts, feed),
    ...told.flatMap((text, index) => [piece(index === 0 ? '  ' : ` ${dot} `, 'faint', 4 + index), piece(text, 'label', 4 + index)]),
  ]
}

/** A system by the name it has for itself, one that is asked also by its address. */
function systemPieces(facts: Screen['facts'], { name, kind }: Screen['feed']): Piece[] {
  const host = facts?.host ?? ''
  if (host === '' || host === name) return [piece(plain(name, 40), 'strong')]
  return [piece(plain(host, 40), 'strong'), ...(kind !== 'local' ? [piece(` ${plain(name, 40)}`, 'faint', 5)] : [])]
}

function statusPieces(screen: Screen, glyphs: Glyphs): Piece[] {
  const { feed, moment, now, zoneMinutes } = screen
  const limits = limitText(screen, glyphs)
  const badges = badgePieces(screen, glyphs)
  return [
    ...(limits === '' ? [] : [piece(limits, 'accent', 4), piece('  ', 'plain', 4)]),
    ...badges,
    ...(feed.state.kind === 'lost' ? [] : [piece(` ${interval(paceOf(screen))}`, 'label', 2)]),
    ...(feed.of > 1 ? [piece(`  host ${feed.index + 1}/${feed.of}`, 'key', 3)] : []),
    piece(`  ${timeOfDay(feed.kind === 'recording' ? (moment?.at ?? Number.NaN) : now, zoneMinutes)}`, 'label', 1),
  ]
}

function alarmPieces({ alarms, moment }: Screen, { critical, warning }: Glyphs): Piece[] {
  const at = moment?.at ?? Number.NaN
  const open = alarms.filter(({ since, until }) => since <= at && (until === null || until > at))
  const isCritical = open.some(({ level }) => level === 'critical')
  return open.length === 0 ? [] : [piece(`${isCritical ? critical : warning} ${open.length}  `, isCritical ? 'fail' : 'warn', 3)]
}

/** `docker 2cpu/512M`: where this runs and what it may use. */
function limitText({ facts, moment }: Screen, { unknown }: Glyphs): string {
  const cpus = moment?.value('cgroup.cpu.limit') ?? Number.NaN
  const memory = moment?.value('cgroup.memory.limit') ?? Number.NaN
  const limits = [Number.isNaN(cpus) ? '' : `${short(cpus, unknown)}cpu`, Number.isNaN(memory) ? '' : shortSize(memory, unknown)].filter((text) => text !== '').join('/')
  const container = facts?.container ?? (limits === '' ? '' : 'cgroup')
  return [plain(container, 20), limits].filter((text) => text !== '').join(' ')
}

function badgePieces(screen: Screen, glyphs: Glyphs): Piece[] {
  const { feed, view, moment, now, zoneMinutes, recording } = screen
  const badges: Piece[] = []
  const age = now - feed.newestAt
  const { state } = feed
  // An instance may have a slower pace than was asked for.
  const paceMs = Math.max(view.intervalMs, moment?.stepMs || 0)
  const isLate = feed.kind !== 'recording' && age > 2.5 * paceMs + 1_000
  if (state.kind === 'connecting') badges.push(piece(`${glyphs.future} connecting`, 'warn'))
  else if (state.kind === 'lost' || (state.kind === 'live' && isLate)) badges.push(piece(`STALE ${Number.isNaN(age) ? glyphs.unknown : briefly(age)}`, 'fail'), ...againPieces(screen, glyphs))
  else if (state.kind === 'ended') badges.push(piece(`${glyphs.ended} ENDED`, 'warn'))
  const time = timeOfDay(moment?.at ?? Number.NaN, zoneMinutes)
  if (view.frozen) badges.push(piece(`${glyphs.frozen} FROZEN`, 'accent'), piece(` ${time}`, 'accent', 1))
  else if (view.back > 0) badges.push(piece(`${glyphs.left} ${time}`, 'accent'))
  else if (feed.kind === 'recording' && state.kind !== 'ended') badges.push(piece(`${glyphs.right} REPLAY`, 'accent'))
  else if (badges.length === 0) badges.push(piece(`${glyphs.live} LIVE`, 'ok'))
  if (recording) badges.push(piece(`${glyphs.live} REC`, 'fail', 1))
  return badges.flatMap((badge, index) => (index > 0 && !badge.text.startsWith(' ') ? [piece('  '), badge] : [badge]))
}

/** When an instance that fell silent is asked again. */
function againPieces({ feed: { state }, now }: Screen, { dot }: Glyphs): Piece[] {
  if (state.kind !== 'lost' || state.retryAt === null) return []
  return [piece(` ${dot} ${state.retryAt > now ? `again in ${briefly(Math.max(1_000, state.retryAt - now))}` : 'asking'}`, 'fail', 3)]
}

/** Ticks that tell the pace of an instance. */
const PACE_TICKS = 5

/** The time between two pictures: as asked for, unless an instance clearly has a pace of its own. */
function paceOf({ feed, moment, view }: Screen): number {
  if (feed.kind !== 'remote' || moment === null) return view.intervalMs
  const times = moment.times(PACE_TICKS)
  const steps = Array.from(times.subarray(1), (at, index) => at - (times[index] ?? Number.NaN)).sort((a, b) => a - b)
  const middle = steps[Math.floor(steps.length / 2)] ?? Number.NaN
  return Math.abs(middle - view.intervalMs) > view.intervalMs / 4 && middle > 0 ? middle : view.intervalMs
}
