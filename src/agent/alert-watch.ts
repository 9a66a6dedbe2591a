import type { Alarm } from '../analysis/alarm.ts'
import { watchedValue, type LevelRule } from '../analysis/alarm-rules.ts'
import { Alarms } from '../analysis/alarms.ts'
import { BELOW } from '../analysis/level-watch.ts'
import { METRICS } from '../model/metric.ts'
import { valueOf, type Snapshot } from '../model/snapshot.ts'
import type { LiveEvent } from '../contract/resident.ts'
import { showDuration } from '../model/unit.ts'
import { rulesOf, type AlertSettings } from './alert-settings.ts'

/** What is wrong right now, in the documented shape; `value`, `threshold`, `peak` and `overAt` in percent where they are shares, else in the unit of the metric. */
export type OpenAlert = {
  readonly level: 'warning' | 'critical'
  readonly metric: string
  readonly message: string
  readonly value?: number
  readonly threshold?: number
  /** The worst value since it began: an alert goes on until its value is well on the good side of the threshold. */
  readonly peak?: number
  /** What the value has to pass, for a while, until it is over. */
  readonly overAt?: number
  readonly timestamp: string
  /** Which of several things it is about; empty where there is one. */
  readonly tag: string
}

type AlertEvent = Extract<LiveEvent, { type: 'alert' }>

/** Alerts as they begin and end: what is above its level for long enough, until it is well below. */
export class AlertWatch {
  readonly #alarms: Alarms
  readonly #listeners = new Set<(event: LiveEvent) => void>()
  #rules: readonly LevelRule[]
  #known = new Map<string, Alarm>()
  #seen: readonly Alarm[] = []
  #last: Snapshot | null = null

  constructor(settings: AlertSettings) {
    this.#rules = rulesOf(settings)
    this.#alarms = new Alarms(this.#rules)
  }

  observe(snapshot: Snapshot): void {
    this.#last = snapshot
    this.#alarms.observe(snapshot)
    this.#tell(snapshot.at)
  }

  /** Goes on with other thresholds; what was about one that is there no more is over. */
  change(settings: AlertSettings, at: number): void {
    this.#rules = rulesOf(settings, this.#rules)
    this.#alarms.setRules(this.#rules, at)
    this.#tell(at)
  }

  onAlert(listener: (event: LiveEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  /** What is wrong now, the worst first. */
  open(): readonly OpenAlert[] {
    const last = this.#last
    return this.#alarms.open().toSorted((one, other) => Number(other.alarm.level === 'critical') - Number(one.alarm.level === 'critical') || one.alarm.since - other.alarm.since)
      .map(({ alarm, rule, tag, peak }) => ({ level: alarm.level, metric: rule.metric, message: alarm.text, ...figures(rule, tag, alarm, last), ...holdOf(rule, alarm, peak), timestamp: new Date(alarm.since).toISOString(), tag }))
  }

  #tell(at: number): void {
    const all = this.#alarms.all()
    if (all === this.#seen) return
    this.#seen = all
    const before = this.#known
    this.#known = new Map(all.map((alarm) => [alarm.id, alarm]))
    const open = new Map(this.#alarms.open().map((each) => [each.alarm.id, each]))
    for (const alarm of [...this.#known.values()].reverse()) {
      const was = before.get(alarm.id)
      if (was && was.level === alarm.level && was.until === alarm.until) continue
      const found = open.get(alarm.id)
      this.#emit(found && alarm.until === null ? { ...eventOf(alarm, at, 'began'), metric: found.rule.metric, ...figures(found.rule, found.tag, alarm, this.#last) } : was || alarm.until === alarm.since ? eventOf(alarm, at, alarm.until === alarm.since ? 'happened' : 'ended') : null)
    }
  }

  #emit(event: AlertEvent | null): void {
    if (event) for (const listener of this.#listeners) listener(event)
  }
}

function eventOf({ id, level, text, since, until }: Alarm, at: number, state: 'began' | 'ended' | 'happened'): AlertEvent {
  const isOver = state === 'ended'
  return {
    type: 'alert', timestamp: new Date(at).toISOString(), level: isOver ? 'info' : level, metric: id.replace(/#\d+$/, ''),
    message: isOver ? `over after ${showDuration((until ?? at) - since)}: ${text}` : text, alertId: id, state, since: new Date(since).toISOString(),
  }
}

/** The value now and the level it passed. */
function figures(rule: LevelRule, tag: string, { level }: Alarm, snapshot: Snapshot | null): { readonly value?: number; readonly threshold?: number } {
  const limit = rule.limits[level]
  if (!snapshot || !Number.isFinite(limit)) return {}
  const raw = valueOf(snapshot, rule.metric, tag)
  const by = METRICS[rule.metric].unit === 'ratio' ? 100 : 1
  const value = rule.isComplement ? raw : watchedValue(rule, raw, snapshot)
  return { ...(Number.isFinite(value) ? { value: round(value * by) } : {}), threshold: round((rule.isComplement ? 1 - limit : limit) * by) }
}

/** The worst of it, and from where on it is over. */
function holdOf(rule: LevelRule, { level }: Alarm, peak: number): { readonly peak?: number; readonly overAt?: number } {
  const limit = rule.limits[level]
  if (!Number.isFinite(limit) || !Number.isFinite(peak)) return {}
  const shown = (value: number): number => round((rule.isComplement ? 1 - value : value) * (METRICS[rule.metric].unit === 'ratio' ? 100 : 1))
  return { peak: shown(peak), overAt: shown(limit * BELOW) }
}

const round = (value: number): number => Number(value.toFixed(2))
