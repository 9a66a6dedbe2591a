import type { Alarm } from '../../../analysis/alarm.ts'
import { processKey, type Process } from '../../../model/process.ts'
import { plain } from '../../../model/text.ts'
import { showDuration, showRatio } from '../../../model/unit.ts'
import { sparkline } from '../../sparkline.ts'
import { shortSize } from '../painting/figures.ts'
import type { PaintFigure } from '../overlay.ts'
import type { Screen } from '../screen.ts'
import type { Surface } from '../surface.ts'
import { toneOfShare } from '../tone.ts'
import type { FigureName } from './figure-place.ts'

const STATES: Readonly<Record<string, string>> = { R: 'running', S: 'sleeping', D: 'waiting for a disk', Z: 'zombie', T: 'stopped', I: 'idle' }

/** The process of a key at the moment that is shown; null where it is not. */
export function processOf({ moment }: Pick<Screen, 'moment'>, key: string): Process | null {
  const pid = Number.parseInt(key, 10)
  return moment?.processes?.rows.find(({ program }) => program.pid === pid && processKey(program) === key) ?? null
}

/** What fills the places in the dialog of a screen. */
export function paintFigures(screen: Screen): PaintFigure {
  const { dialog } = screen.view
  if (dialog?.kind === 'alerts') return (_name, surface, x, y, width, index) => paintAlarm(screen, surface.part({ x, y, width, height: 1 }), index + dialog.offset)
  const process = dialog?.kind === 'details' ? processOf(screen, dialog.process) : null
  return (name, surface, x, y, width) => {
    if (process && dialog?.kind === 'details') paintOf(name, screen, process, surface.part({ x, y, width, height: 1 }), dialog.process)
  }
}

const UNKNOWN = 'not known'
const rate = (value: number): string => (Number.isNaN(value) ? UNKNOWN : `${shortSize(value, UNKNOWN)}/s`)

const TEXTS: Readonly<Partial<Record<FigureName, (process: Process) => string>>> = {
  state: ({ state }) => `${plain(state, 1)} ${STATES[state] ?? ''}`,
  cpu: ({ cpu }) => (Number.isNaN(cpu) ? 'not known yet' : showRatio(cpu)),
  cpuTime: ({ cpuTimeMs }) => (Number.isNaN(cpuTimeMs) ? UNKNOWN : showDuration(cpuTimeMs)),
  memory: ({ memory }) => (Number.isNaN(memory) ? UNKNOWN : showRatio(memory)),
  resident: ({ residentBytes }) => shortSize(residentBytes, UNKNOWN),
  threads: ({ threads }) => (Number.isNaN(threads) ? UNKNOWN : String(threads)),
  read: ({ readRate }) => rate(readRate),
  write: ({ writeRate }) => rate(writeRate),
}

function paintOf(name: FigureName, { moment }: Screen, process: Process, surface: Surface, key: string): void {
  const text = TEXTS[name]
  if (text) surface.put(0, 0, text(process), name === 'cpu' ? toneOfShare(process.cpu) : 'plain')
  else if (name === 'parent') {
    const parent = moment?.processes?.rows.find(({ program }) => program.pid === process.parent)
    surface.put(0, 0, `${Number.isNaN(process.parent) ? UNKNOWN : process.parent}${parent ? ` ${plain(parent.program.name)}` : ''}`)
  } else if (moment && (name === 'curve' || name === 'scale')) {
    const ticks = Math.max(1, Math.min(60, Math.round(60_000 / Math.max(1, moment.stepMs || 1_000))))
    const values = moment.processSeries(key, ticks)
    if (name === 'curve') surface.put(0, 0, sparkline([...values], surface.width, surface.unicode), 'user')
    else {
      const most = values.reduce((greatest, value) => (value > greatest || Number.isNaN(greatest) ? value : greatest), Number.NaN)
      if (!Number.isNaN(most)) surface.put(1, 0, `max ${showRatio(most)}`, 'label')
    }
  }
}

function paintAlarm({ alarms, zoneMinutes, now }: Screen, surface: Surface, index: number): void {
  const alarm = alarms[alarms.length - 1 - index]
  if (!alarm) {
    if (index === 0) surface.put(0, 0, 'Nothing so far.', 'faint')
    return
  }
  const tone = alarm.until !== null ? 'faint' : alarm.level === 'critical' ? 'fail' : 'warn'
  const end = lasted(alarm, now)
  const x = surface.put(0, 0, `${clockTime(alarm.since, zoneMinutes)}  `, 'label')
  surface.part({ x, y: 0, width: Math.max(0, surface.width - x - end.length - 1), height: 1 }).put(0, 0, plain(alarm.text), tone)
  surface.putRight(surface.width, 0, end, 'label')
}

function lasted({ since, until }: Alarm, now: number): string {
  return until === null ? `${showDuration(Math.max(0, Math.floor((now - since) / 1_000) * 1_000))}, goes on` : until === since ? '' : showDuration(until - since)
}

/** The time of day, `02:13:44`. */
export function clockTime(at: number, zoneMinutes: number): string {
  return Number.isFinite(at) ? new Date(at + zoneMinutes * 60_000).toISOString().slice(11, 19) : '--:--:--'
}
