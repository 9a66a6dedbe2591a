import { ALERT_NAMES, ALERT_THRESHOLDS, type AlertName } from '../contract/alert-thresholds.ts'
import { UserError } from '../model/error.ts'
import { nearest } from '../model/nearest.ts'
import { plain } from '../model/text.ts'
import { parseDuration, parseRatio } from '../model/unit.ts'

/** How bad it is beyond a level. */
type AlertLevel = 'warning' | 'critical'

/** A level as it is to be, in the unit it is written in over the wire. */
export interface LevelChange {
  readonly name: AlertName
  readonly level: AlertLevel
  readonly value: number
}

const EXAMPLE = 'write it like cpuUsage.warning=70, responseTime.critical=2s or errorRate.warning=5%'

const SHARES = ALERT_NAMES.filter((name) => ALERT_THRESHOLDS[name].unit === 'ratio' && ALERT_THRESHOLDS[name].by === 1).join(' and ')

/** Reads `cpuUsage.warning=70`: percent for memory and processors, a share or percent with its sign for errors and hits, milliseconds or a duration for response times. Throws UserError `INVALID_VALUE`. */
export function readLevelChange(text: string): LevelChange {
  const [, told = '', level = '', value = ''] = /^\s*([\w-]+)\.([\w-]+)\s*=\s*(.+?)\s*$/.exec(text) ?? []
  const refuse = (problem: string, hint = EXAMPLE): UserError => new UserError({ code: 'INVALID_VALUE', kind: 'usage', message: `--set "${plain(text, 100)}" ${problem}`, hint })
  if (told === '') throw refuse('is not a level with its value')
  const name = ALERT_NAMES.find((each) => each === told)
  const near = nearest(told, ALERT_NAMES)
  if (name === undefined) throw refuse(`names no threshold: there are ${ALERT_NAMES.join(', ')}`, near === undefined ? EXAMPLE : `did you mean ${near}?`)
  if (level !== 'warning' && level !== 'critical') throw refuse('names no level: there are warning and critical')
  const { unit, by, most } = ALERT_THRESHOLDS[name]
  const number = unit === 'ms' ? milliseconds(value) : /^\d+(\.\d+)?$/.test(value) ? Number(value) : ratioOf(value) * by
  if (!(number > 0 && number <= most)) throw unit === 'ms' ? refuse('is no time above 0 and up to an hour') : by === 100 ? refuse('is no percentage above 0 and up to 100') : refuse(`is no share above 0 and up to 1: ${SHARES} are written as shares, or with a percent sign`, number > 1 && number <= 100 ? `for ${value} percent write ${name}.${level}=${value}% or ${name}.${level}=${Number((number / 100).toFixed(6))}` : EXAMPLE)
  return { name, level, value: Math.round(number * 1e6) / 1e6 }
}

function milliseconds(text: string): number {
  try {
    return parseDuration(text, 1)
  } catch {
    return Number.NaN
  }
}

function ratioOf(text: string): number {
  try {
    return text.endsWith('%') ? parseRatio(text) : Number.NaN
  } catch {
    return Number.NaN
  }
}
