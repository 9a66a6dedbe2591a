import { ruleName } from '../analysis/judge.ts'
import type { Plan } from '../model/plan.ts'
import type { LoadProgress, ProgressPercentiles } from '../model/progress.ts'
import { holds, limitUnit } from '../model/threshold.ts'
import { showQuantity } from '../model/unit.ts'
import { METRICS, metricNamed } from '../model/metric.ts'
import type { EngineWorld } from './engine.ts'
import { endOf } from './phase.ts'
import type { Recorder } from './recorder.ts'
import { windowLength, type Window } from './timeline.ts'

/** What an engine says of itself at a moment. */
export interface EngineState {
  readonly state: LoadProgress['state']
  readonly users: number
  /** Flows begun so far. */
  readonly started: number
  readonly waiting: number
  readonly late: number
  readonly dropped: number
  readonly askedRate: number | null
  readonly askedUsers: number | null
}

/** How often progress is shown and boundaries are looked for, milliseconds. */
const TICK_MS = 200
/** How long the view's history is. */
const HISTORY = 120

/** Watches a run while it goes on: closes windows, shows progress, and ends the run on a threshold that says so. */
export class Monitor {
  readonly #plan: Plan
  readonly #recorder: Recorder
  readonly #world: EngineWorld
  readonly #state: () => EngineState
  readonly #abort: (reason: string) => void
  readonly #windowMs: number
  readonly #totalMs: number
  #timer: NodeJS.Timeout | undefined
  #startedAt = 0
  #startedCpuMs = 0
  #windowEndsMs = 0
  #windowCpu = { at: 0, cpuMs: 0 }
  #latestCpu = 0
  #startedBefore = 0
  #startedRate: number | null = null
  #maxUsers = 0
  #looking: Promise<void> = Promise.resolve()

  constructor(plan: Plan, recorder: Recorder, world: EngineWorld, state: () => EngineState, abort: (reason: string) => void) {
    this.#plan = plan
    this.#recorder = recorder
    this.#world = world
    this.#state = state
    this.#abort = abort
    this.#totalMs = Math.max(0, ...plan.workloads.map(endOf))
    this.#windowMs = windowLength(this.#totalMs)
  }

  /** Begins at time zero of the run. */
  start(startedAt: number): void {
    this.#startedAt = startedAt
    this.#startedCpuMs = this.#world.cpuMs()
    this.#windowCpu = { at: startedAt, cpuMs: this.#startedCpuMs }
    this.#windowEndsMs = this.#windowMs
    this.#timer = setInterval(() => this.#tick(), TICK_MS)
    this.#look()
  }

  /** Ends at the last answer; what it answers covers the whole run. */
  async finish(elapsedMs: number): Promise<{ readonly maxUsers: number; readonly generatorCpu: number }> {
    clearInterval(this.#timer)
    const generatorCpu = elapsedMs > 0 ? (this.#world.cpuMs() - this.#startedCpuMs) / elapsedMs : 0
    this.#closeWindow(elapsedMs)
    await this.#looking
    this.#look()
    await this.#looking
    return { maxUsers: this.#maxUsers, generatorCpu }
  }

  /** Told by the engine whenever a user begins, so that no peak is missed between two ticks. */
  sawUsers(users: number): void {
    if (users > this.#maxUsers) this.#maxUsers = users
  }

  #tick(): void {
    const elapsedMs = this.#world.now() - this.#startedAt
    const { users } = this.#state()
    this.sawUsers(users)
    this.#recorder.observe('users', users, {})
    this.#recorder.observe('users.max', this.#maxUsers, {})
    if (elapsedMs >= this.#windowEndsMs) {
      this.#closeWindow(elapsedMs)
      this.#windowEndsMs = (Math.floor(elapsedMs / this.#windowMs) + 1) * this.#windowMs
      this.#look()
      this.#judge(elapsedMs)
    }
    this.#world.onProgress(this.#progress(elapsedMs))
  }

  #look(): void {
    this.#looking = this.#world.look().then((usage) => {
      if (!usage) return
      if (!Number.isNaN(usage.cpu)) this.#recorder.observe('cpu.usage', usage.cpu, {})
      this.#recorder.observe('memory.usage', usage.memory, {})
    })
  }

  #closeWindow(elapsedMs: number): void {
    const { users, started, waiting, dropped } = this.#state()
    const cpuMs = this.#world.cpuMs()
    const at = this.#startedAt + elapsedMs
    const span = at - this.#windowCpu.at
    if (span > 0) {
      this.#latestCpu = (cpuMs - this.#windowCpu.cpuMs) / span
      this.#startedRate = ((started - this.#startedBefore) * 1_000) / span
    }
    this.#startedBefore = started
    this.#windowCpu = { at, cpuMs }
    const { timeline } = this.#recorder
    const before = timeline.windows.length
    timeline.close(elapsedMs, { users, waiting, dropped, generatorCpu: this.#latestCpu })
    const window = timeline.windows[before]
    if (window) this.#world.onWindow(window)
  }

  #judge(elapsedMs: number): void {
    for (const rule of this.#plan.thresholds) {
      if (!rule.abortOnFail || elapsedMs < rule.delayAbortEvalMs) continue
      const observed = this.#recorder.seriesOf(rule)?.statistic(rule.threshold.statistic, elapsedMs) ?? Number.NaN
      if (Number.isNaN(observed) || holds(rule.threshold, observed)) continue
      const name = metricNamed(rule.metric)
      const unit = limitUnit(rule.threshold.statistic, name ? METRICS[name].unit : 'count')
      return this.#abort(`${ruleName(rule)}: ${rule.threshold.text} was crossed after ${(elapsedMs / 1_000).toFixed(1)} s (it was ${showQuantity({ value: observed, unit })}), and the threshold says abortOnFail`)
    }
  }

  #progress(elapsedMs: number): LoadProgress {
    const { started: _started, ...state } = this.#state()
    const { timeline, requests, failed, errors } = this.#recorder
    const latest = timeline.windows.at(-1)
    return {
      ...state,
      name: this.#plan.name,
      target: this.#plan.target,
      elapsedMs,
      totalMs: this.#totalMs > 0 ? this.#totalMs : null,
      phase: this.#phase(elapsedMs),
      startedRate: state.askedRate === null ? null : this.#startedRate,
      reachedRate: latest?.rate ?? 0,
      requests,
      failed,
      now: latest && latest.requests > 0 && !Number.isNaN(latest.p50) ? latest : null,
      soFar: soFar(this.#recorder),
      errors: [...errors].map(([type, { count }]) => ({ type, count })).sort((a, b) => b.count - a.count).slice(0, 8),
      history: timeline.windows.slice(-HISTORY).map((window: Window) => ({ rate: window.rate, p95: window.p95 })),
      crossed: this.#plan.thresholds.flatMap((rule) => {
        const observed = this.#recorder.seriesOf(rule)?.statistic(rule.threshold.statistic, elapsedMs) ?? Number.NaN
        return Number.isNaN(observed) || holds(rule.threshold, observed) ? [] : [`${ruleName(rule)}: ${rule.threshold.text}`]
      }),
      generatorCpu: this.#latestCpu,
    }
  }

  #phase(elapsedMs: number): LoadProgress['phase'] {
    const all = this.#recorder.lanes.flatMap(({ phases }) => phases.list)
    const index = all.findLastIndex(({ startMs }) => startMs <= elapsedMs)
    const phase = all[index]
    return phase ? { name: phase.name, index: index + 1, of: all.length, endsInMs: Math.max(0, phase.startMs + phase.durationMs - elapsedMs) } : null
  }
}

function soFar({ timeline }: Recorder): ProgressPercentiles | null {
  const { total } = timeline
  if (total.count === 0) return null
  return { p50: total.percentile(50), p90: total.percentile(90), p95: total.percentile(95), p99: total.percentile(99), max: total.max }
}
