import type { AlarmLevel, LevelRule } from './alarm-rules.ts'
import type { Alarm } from './alarm.ts'

/** How far below its level a figure has to come until an alarm is over: a share of the level. */
export const BELOW = 0.9
/** For how long it has to be there, milliseconds. */
const BELOW_MS = 5_000

const LEVELS: readonly AlarmLevel[] = ['warning', 'critical']

/** How long a figure has been beyond a border, and since when. */
interface Stay {
  readonly since: number
  readonly ms: number
}

/** One series that is or was above a level: from the first time above, over an alarm that may change its level, to its end. */
export class LevelWatch {
  readonly rule: LevelRule
  readonly label: string
  readonly tag: string
  /** How long the series has not been there. */
  missingMs = 0
  alarm: Alarm | null = null
  /** The worst value since it was first above. */
  peak = Number.NEGATIVE_INFINITY
  readonly #above: Record<AlarmLevel, Stay | null> = { warning: null, critical: null }
  #below: Stay | null = null

  constructor(rule: LevelRule, label: string, tag: string) {
    this.rule = rule
    this.label = label
    this.tag = tag
  }

  /** Takes the next value; one that is not known changes nothing. `calm` says that there is nothing to watch any more and never was an alarm. */
  observe(value: number, at: number, elapsedMs: number): 'none' | 'opened' | 'changed' | 'closed' | 'calm' {
    if (Number.isNaN(value)) return 'none'
    this.peak = Math.max(this.peak, value)
    for (const level of LEVELS) this.#above[level] = value > this.rule.limits[level] ? stay(this.#above[level], at, elapsedMs) : null
    const reached = LEVELS.findLast((level) => (this.#above[level]?.ms ?? -1) >= this.rule.holdMs)
    if (!this.alarm) return reached ? this.#open(reached) : this.#above.warning || this.#above.critical ? 'none' : 'calm'

    if (reached === 'critical' && this.alarm.level === 'warning') return this.#become('critical')
    this.#below = value < this.rule.limits[this.alarm.level] * BELOW ? stay(this.#below, at, elapsedMs) : null
    if (!this.#below || this.#below.ms < BELOW_MS) return 'none'
    if (this.alarm.level === 'critical' && value >= this.rule.limits.warning * BELOW) return this.#become('warning')
    return this.close(this.#below.since)
  }

  /** Gives the alarm that was opened its name. */
  name(id: string): void {
    if (this.alarm) this.alarm = { ...this.alarm, id }
  }

  close(at: number): 'closed' | 'calm' {
    if (!this.alarm) return 'calm'
    this.alarm = { ...this.alarm, until: at }
    return 'closed'
  }

  #open(level: AlarmLevel): 'opened' {
    // It began when the lower of its levels was passed.
    const since = this.#above.warning?.since ?? this.#above.critical?.since ?? 0
    this.alarm = { id: '', level, text: this.#text(level), since, until: null }
    return 'opened'
  }

  #become(level: AlarmLevel): 'changed' {
    if (this.alarm) this.alarm = { ...this.alarm, level, text: this.#text(level) }
    this.#below = null
    return 'changed'
  }

  #text(level: AlarmLevel): string {
    return this.rule.text(this.label, this.rule.limits[level])
  }
}

function stay(before: Stay | null, at: number, elapsedMs: number): Stay {
  return before ? { since: before.since, ms: before.ms + elapsedMs } : { since: at, ms: 0 }
}
