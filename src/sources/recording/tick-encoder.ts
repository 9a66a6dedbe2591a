import { mostImportant } from '../../analysis/important.ts'
import { METRICS, type MetricName } from '../../model/metric.ts'
import { processKey, type Process, type Program } from '../../model/process.ts'
import type { Alert } from '../../model/report.ts'
import type { Application, ProcessTable, Samples, Snapshot, SystemFacts } from '../../model/snapshot.ts'
import { FULL_EVERY, MOST, type ProcessLine, type ProgramLine, type Tick } from './format.ts'

/** Processes of a tick that are recorded. */
const RECORDED_PROCESSES = 50

/** Significant digits of rates and shares, and of all else. */
const [FINE, EXACT] = [5, 6]
const DIGITS = new Map((Object.keys(METRICS) as MetricName[]).map((name) => [name, ['ratio', 'per_second', 'bytes_per_second'].includes(METRICS[name].unit) ? FINE : EXACT]))

/** A figure as it is recorded; null where it is not known. */
export function rounded(value: number, digits: number): number | null {
  return Number.isFinite(value) ? Number(value.toPrecision(digits)) : null
}

/** The last that `Date` knows, milliseconds since 1970. */
const LAST_INSTANT = 8.64e15

interface Recorded {
  readonly number: number
  /** As it was measured: most figures are those of the tick before, and rounding costs most of the time here. */
  exact: number
  value: number
  /** The tick that had it last. */
  tick: number
}

/** Says of each tick what is not known from the one before. */
export class TickEncoder {
  #ticks = 0
  #series = new Map<MetricName, Map<string, Recorded>>()
  #seriesCount = 0
  #programs = new Map<string, { readonly number: number; row: string }>()
  #programCount = 0
  #table: ProcessTable | null | undefined
  #application = ''
  #alerts = ''

  encode(snapshot: Snapshot, elapsedMs: number): string {
    const isFull = this.#ticks % FULL_EVERY === 0
    if (isFull) this.#forget()
    this.#ticks++
    const { n, v } = this.#encodeSamples(snapshot.samples)
    const p = this.#encodeProcesses(snapshot.processes)
    const a = this.#encodeApplication(snapshot.application)
    const w = this.#encodeAlerts(snapshot.alerts)
    const tick: Tick = { ...(isFull && { f: 1 }), t: Math.round(snapshot.at), e: elapsedMs >= 0 ? rounded(elapsedMs, EXACT) : null, ...(n.length > 0 && { n }), v, ...(p !== undefined && { p }), ...(a !== undefined && { a }), ...(w && { w }) }
    return `${JSON.stringify(tick)}\n`
  }

  #forget(): void {
    this.#series = new Map()
    this.#seriesCount = 0
    this.#programs = new Map()
    this.#programCount = 0
    this.#table = undefined
    this.#application = ''
    this.#alerts = ''
  }

  #encodeSamples(samples: Samples): { readonly n: [string, string][]; readonly v: (number | null)[] } {
    const n: [string, string][] = []
    const v: (number | null)[] = []
    for (const [metric, series] of samples) {
      const digits = DIGITS.get(metric) ?? EXACT
      let known = this.#series.get(metric)
      if (!known) this.#series.set(metric, (known = new Map<string, Recorded>()))
      for (const [tag, exact] of series) {
        const before = known.get(tag)
        if (before?.exact === exact && !Number.isNaN(before.value)) {
          before.tick = this.#ticks
          continue
        }
        const value = rounded(exact, digits)
        if (value === null) continue
        if (before) {
          before.exact = exact
          before.tick = this.#ticks
          if (before.value !== value) v.push(before.number, (before.value = value))
        } else if (tag.length <= MOST.tag && this.#seriesCount < MOST.series) {
          known.set(tag, { number: this.#seriesCount, exact, value, tick: this.#ticks })
          n.push([metric, tag])
          v.push(this.#seriesCount++, value)
        }
      }
    }
    for (const known of this.#series.values()) {
      for (const recorded of known.values()) {
        // NaN is like no value: it is told once, and told again when there is one.
        if (recorded.tick !== this.#ticks && !Number.isNaN(recorded.value)) {
          recorded.value = Number.NaN
          v.push(recorded.number, null)
        }
      }
    }
    return { n, v }
  }

  #encodeProcesses(table: ProcessTable | null): Tick['p'] {
    if (this.#table === table) return undefined
    this.#table = table
    if (!table) {
      for (const known of this.#programs.values()) known.row = ''
      return null
    }
    const d: ProgramLine[] = []
    const r: ProcessLine[] = []
    const rows = mostImportant(table.rows, RECORDED_PROCESSES)
    for (const row of rows) {
      let known = this.#programs.get(nameOf(row))
      if (!known) {
        if (this.#programCount >= MOST.programs) continue
        this.#programs.set(nameOf(row), (known = { number: this.#programCount++, row: '' }))
        d.push(programLine(row.program))
      }
      const line = processLine(row, known.number)
      const text = JSON.stringify(line)
      if (text === known.row) continue
      known.row = text
      r.push(line)
    }
    const present = new Set(rows.map(nameOf))
    const x: number[] = []
    for (const [name, known] of this.#programs) {
      if (known.row === '' || present.has(name)) continue
      known.row = ''
      x.push(known.number)
    }
    return { t: Math.round(table.at), n: table.total, d, r, x }
  }

  #encodeApplication(application: Application | null): Tick['a'] {
    const text = JSON.stringify(application)
    if (text === this.#application) return undefined
    this.#application = text
    return application && {
      endpoints: application.endpoints.slice(0, MOST.list).map((endpoint) => ({ ...endpoint, method: cut(endpoint.method), path: cut(endpoint.path) })),
      queries: application.queries.slice(0, MOST.list).map((query) => ({ ...query, query: cut(query.query) })),
    }
  }

  #encodeAlerts(alerts: readonly Alert[]): Tick['w'] {
    const text = JSON.stringify(alerts)
    if (text === this.#alerts) return undefined
    this.#alerts = text
    return alerts.slice(0, MOST.list).map(alertLine)
  }
}

function cut(text: string, most: number = MOST.text): string {
  return text.slice(0, most)
}

/** The same process in the next tick, whether or not its source gives the same object again. */
function nameOf({ program }: Process): string {
  return `${processKey(program)} ${program.command}`
}

/** An alert as it is read again: its texts cut, its figures left out where they are not known. */
export function alertLine<Any extends Alert>({ value, threshold, ...alert }: Any): object & Alert {
  const figures = { ...(Number.isFinite(value) && { value }), ...(Number.isFinite(threshold) && { threshold }) }
  return { ...alert, ...figures, metric: cut(alert.metric), message: cut(alert.message) }
}

/** Facts as they are read again. */
export function factsLine({ host, os, platform, arch, kernel, node, cpuModel, cores, container, filesystems }: SystemFacts): SystemFacts {
  const kept = Object.entries(filesystems).filter(([mountpoint]) => mountpoint.length <= MOST.tag).slice(0, MOST.filesystems)
  return {
    host: cut(host), os: cut(os), platform: cut(platform), arch: cut(arch), kernel: cut(kernel), node: cut(node), cpuModel: cut(cpuModel), cores, container: container === null ? null : cut(container),
    filesystems: Object.fromEntries(kept.map(([mountpoint, { device, type }]) => [mountpoint, { device: cut(device), type: cut(type) }])),
  }
}

function programLine({ pid, name, command, user, uid, container, isKernel, startedAt }: Program): ProgramLine {
  return [Number.isSafeInteger(pid) ? pid : 0, cut(name), cut(command, MOST.command), cut(user), rounded(uid, 15), container === null ? null : cut(container), isKernel, Math.abs(startedAt) <= LAST_INSTANT ? startedAt : null]
}

function processLine({ parent, state, threads, cpu, cpuTimeMs, residentBytes, memory, readRate, writeRate }: Process, number: number): ProcessLine {
  return [number, rounded(parent, 15), cut(state, 8), rounded(threads, EXACT), rounded(cpu, FINE), rounded(cpuTimeMs, EXACT), rounded(residentBytes, EXACT), rounded(memory, FINE), rounded(readRate, FINE), rounded(writeRate, FINE)]
}
