import { METRICS, type MetricName } from '../model/metric.ts'
import type { Alert } from '../model/report.ts'
import { valueOf, type Snapshot } from '../model/snapshot.ts'
import { plain } from '../model/text.ts'
import { EVENT_RULES, LEVEL_RULES, watchedValue, type AlarmLevel, type LevelRule } from './alarm-rules.ts'
import type { Alarm } from './alarm.ts'
import { LevelWatch } from './level-watch.ts'

/** Past alarms that are remembered. */
const MOST_PAST = 200
/** Series and alerts that are watched at the same time; what makes up names must not fill the memory. */
const MOST_WATCHED = 2_000
const MOST_REPORTED = 100
/** After this long without its file system, disk, ... an alarm is over: what it was about is gone. */
const GONE_MS = 5_000
/** After this long an alert that an instance sent, and lists in no snapshot, is over unless it comes again. */
const REPORTED_MS = 60_000

interface Reported {
  readonly alarm: Alarm
  readonly metric: string
  readonly level: AlarmLevel
  /** Whether the last snapshot had it among its alerts. */
  listed: boolean
  leftMs: number
}

/** What is over a level and what was, from one snapshot after another and from what an instance reports itself. Time is the time between looks. */
export class Alarms {
  readonly #watches = new Map<string, LevelWatch>()
  readonly #reported = new Map<string, Reported>()
  readonly #counts = new Map<MetricName, number>()
  #rules: readonly LevelRule[]
  #past: Alarm[] = []
  #all: readonly Alarm[] | null = null
  #number = 0

  constructor(rules: readonly LevelRule[] = LEVEL_RULES) {
    this.#rules = rules
  }

  /** Goes on with other rules; what was watched by a rule that is there no more is over. */
  setRules(rules: readonly LevelRule[], at: number): void {
    this.#rules = rules
    for (const [key, watch] of this.#watches) if (!rules.includes(watch.rule)) this.#follow(watch, watch.close(at), key)
  }

  observe(snapshot: Snapshot): void {
    const elapsedMs = snapshot.elapsedMs > 0 ? snapshot.elapsedMs : 0
    for (const rule of this.#rules) this.#observeLevels(rule, snapshot, elapsedMs)
    this.#observeMissing(snapshot, elapsedMs)
    this.#observeEvents(snapshot)
    this.#observeReported(snapshot, elapsedMs)
  }

  #observeLevels(rule: LevelRule, snapshot: Snapshot, elapsedMs: number): void {
    const series = snapshot.samples.get(rule.metric)
    if (!series) return
    for (const [tag, value] of series) {
      if (rule.only !== undefined && rule.only !== tag) continue
      const key = `${rule.metric} ${tag}`
      const watched = watchedValue(rule, value, snapshot)
      let watch = this.#watches.get(key)
      if (!watch) {
        // Most series are never near a level; nothing is kept of them.
        if (!(watched > Math.min(rule.limits.warning, rule.limits.critical)) || this.#watches.size >= MOST_WATCHED) continue
        this.#watches.set(key, (watch = new LevelWatch(rule, plain(tag, 100), tag)))
      }
      this.#follow(watch, watch.observe(watched, snapshot.at, elapsedMs), key)
    }
  }

  /** Shows what became of a watch. */
  #follow(watch: LevelWatch, change: ReturnType<LevelWatch['observe']>, key: string): void {
    if (change === 'none') return
    if (change === 'calm') return void this.#watches.delete(key)
    this.#all = null
    if (change === 'closed') {
      const isTold = watch.tag === '' && [...this.#reported.values()].some(({ metric }) => metric === watch.rule.metric)
      if (watch.alarm && !isTold) this.#remember(watch.alarm)
      this.#watches.delete(key)
    } else if (change === 'opened') watch.name(this.#nextId(watch.rule.metric))
  }

  #observeMissing(snapshot: Snapshot, elapsedMs: number): void {
    for (const [key, watch] of this.#watches) {
      if (snapshot.samples.get(watch.rule.metric)?.has(watch.tag)) watch.missingMs = 0
      else if (isGone(watch, snapshot, this.#rules)) watch.missingMs += elapsedMs
      if (watch.missingMs >= GONE_MS) this.#follow(watch, watch.close(snapshot.at), key)
    }
  }

  #observeEvents(snapshot: Snapshot): void {
    for (const { metric, level, beyond, text } of EVENT_RULES) {
      const value = valueOf(snapshot, metric)
      if (Number.isNaN(value)) continue
      const isCounter = METRICS[metric].kind === 'counter'
      const moved = isCounter ? value - (this.#counts.get(metric) ?? value) : value
      if (isCounter) this.#counts.set(metric, value)
      if ((isCounter ? moved : Math.abs(moved)) > beyond) this.#remember({ id: this.#nextId(metric), level, text: text(moved), since: snapshot.at, until: snapshot.at })
    }
  }

  /** Takes an alert that an instance sent between snapshots. What is only for information is no alarm. */
  report(alert: Alert & { readonly at: number }): void {
    this.#report(alert, alert.at, false)
  }

  #report(alert: Alert, at: number, listed: boolean): Reported | undefined {
    if (alert.level === 'info') return undefined
    const key = `${alert.metric}\n${alert.message}`
    const known = this.#reported.get(key)
    if (known?.level === alert.level) {
      known.leftMs = REPORTED_MS
      known.listed ||= listed
      return known
    }
    if (!known && this.#reported.size >= MOST_REPORTED) return undefined
    const alarm = known ? { ...known.alarm, level: alert.level } : { id: this.#nextId('reported'), level: alert.level, text: plain(alert.message, 200), since: at, until: null }
    const reported = { alarm, metric: alert.metric, level: alert.level, listed: listed || (known?.listed ?? false), leftMs: REPORTED_MS }
    this.#reported.set(key, reported)
    this.#all = null
    return reported
  }

  #observeReported({ alerts, at }: Snapshot, elapsedMs: number): void {
    if (alerts.length === 0 && this.#reported.size === 0) return
    const present = new Set(alerts.map((alert) => this.#report(alert, at, true)))
    for (const [key, reported] of this.#reported) {
      if (present.has(reported)) continue
      reported.leftMs -= elapsedMs
      if (!reported.listed && reported.leftMs > 0) continue
      this.#reported.delete(key)
      this.#remember({ ...reported.alarm, until: at })
    }
  }

  #nextId(of: string): string {
    return `${of}#${++this.#number}`
  }

  #remember(alarm: Alarm): void {
    this.#past.push(alarm)
    if (this.#past.length > MOST_PAST) this.#past = this.#past.slice(-MOST_PAST)
    this.#all = null
  }

  /** The open ones and the last 200 past ones, the newest first; the same list until something changes. */
  all(): readonly Alarm[] {
    if (!this.#all) {
      // An instance goes by its own levels: where it tells of a figure, ours has nothing to add.
      const told = new Set([...this.#reported.values()].map(({ metric }) => metric))
      const open = [...[...this.#watches.values()].flatMap(({ alarm, rule, tag }) => (tag === '' && told.has(rule.metric) ? [] : [alarm])), ...[...this.#reported.values()].map(({ alarm }) => alarm)].filter((alarm) => alarm !== null)
      this.#all = [...this.#past, ...open].sort((one, other) => other.since - one.since)
    }
    return this.#all
  }

  /** The open ones of levels, with what they are about, and the worst value since they began. */
  open(): readonly { readonly alarm: Alarm; readonly rule: LevelRule; readonly tag: string; readonly peak: number }[] {
    return [...this.#watches.values()].flatMap(({ alarm, rule, tag, peak }) => (alarm ? [{ alarm, rule, tag, peak }] : []))
  }

  /** Which were open at a time, milliseconds since 1970. What happened in an instant was open in that instant. */
  at(time: number): readonly Alarm[] {
    return this.all().filter(({ since, until }) => since <= time && (until === null || time <= until))
  }
}

/** Whether the system still speaks of such things, but of this one no more; what a source says nothing of at all may well go on. */
function isGone({ rule, tag }: LevelWatch, { samples }: Snapshot, rules: readonly LevelRule[]): boolean {
  if (!samples.has(rule.metric)) return false
  return !rules.some(({ metric }) => tagOf(metric) === tagOf(rule.metric) && samples.get(metric)?.has(tag))
}

function tagOf(metric: MetricName): string | undefined {
  const { tag } = METRICS[metric] as { readonly tag?: string } // Only metrics with several series have one.
  return tag
}
