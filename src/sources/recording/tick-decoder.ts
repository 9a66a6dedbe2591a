import { metricNamed, type MetricName } from '../../model/metric.ts'
import type { Process, Program } from '../../model/process.ts'
import type { Alert } from '../../model/report.ts'
import type { Application, ProcessTable, Samples, Snapshot } from '../../model/snapshot.ts'
import { MOST, type ProcessLine, type ProgramLine, type Tick } from './format.ts'

const number = (value: number | null): number => value ?? Number.NaN

/** Puts ticks together again, each from what it says and what is known from those before. */
export class TickDecoder {
  /** Null for a metric that this program does not know. */
  readonly #names: { readonly metric: MetricName | null; readonly tag: string }[] = []
  readonly #values = new Map<MetricName, Map<string, number>>()
  readonly #programs: Program[] = []
  readonly #rows = new Map<number, Process>()
  #table: ProcessTable | null = null
  #application: Application | null = null
  #alerts: readonly Alert[] = []
  #isLost = true

  /** What comes next cannot be understood but from a full tick on. */
  lose(): void {
    this.#isLost = true
  }

  /** The snapshot of a tick; undefined where it builds on one that is lost. Throws RangeError when it names what was never told. */
  decode(tick: Tick): Snapshot | undefined {
    if (tick.f === 1) this.#forget()
    if (this.#isLost) return undefined
    this.#decodeSamples(tick)
    if (tick.p !== undefined) this.#table = tick.p && this.#decodeTable(tick.p)
    if (tick.a !== undefined) this.#application = tick.a
    if (tick.w) this.#alerts = tick.w
    return { at: tick.t, elapsedMs: number(tick.e), samples: this.#copyOfValues(), processes: this.#table, application: this.#application, alerts: this.#alerts }
  }

  #forget(): void {
    this.#isLost = false
    this.#names.length = 0
    this.#values.clear()
    this.#programs.length = 0
    this.#rows.clear()
    this.#table = null
    this.#application = null
    this.#alerts = []
  }

  #decodeSamples({ n = [], v }: Tick): void {
    if (this.#names.length + n.length > MOST.series) throw new RangeError('it has too many series')
    for (const [name, tag] of n) this.#names.push({ metric: metricNamed(name) ?? null, tag })
    for (let index = 0; index < v.length; index += 2) {
      const name = this.#names[v[index] ?? -1]
      const value = v[index + 1]
      if (!name || value === undefined) throw new RangeError('it speaks of a series that has no name')
      if (name.metric === null) continue
      const series = this.#values.get(name.metric) ?? new Map<string, number>()
      if (value === null) series.delete(name.tag)
      else this.#values.set(name.metric, series.set(name.tag, value))
      if (series.size === 0) this.#values.delete(name.metric)
    }
  }

  /** A copy, because who was given a snapshot may keep it. */
  #copyOfValues(): Samples {
    const copy = new Map<MetricName, ReadonlyMap<string, number>>()
    for (const [metric, series] of this.#values) copy.set(metric, new Map(series))
    return copy
  }

  #decodeTable({ t, n, d, r, x }: NonNullable<Tick['p']>): ProcessTable {
    if (this.#programs.length + d.length > MOST.programs) throw new RangeError('it has too many programs')
    // After a table that was not looked at, all rows are told again.
    if (this.#table === null) this.#rows.clear()
    for (const line of d) this.#programs.push(programOf(line))
    for (const gone of x) this.#rows.delete(gone)
    for (const line of r) {
      const program = this.#programs[line[0]]
      if (!program) throw new RangeError('it speaks of a process that has no name')
      this.#rows.set(line[0], processOf(line, program))
    }
    return { at: t, total: n, rows: [...this.#rows.values()] }
  }
}

function programOf([pid, name, command, user, uid, container, isKernel, startedAt]: ProgramLine): Program {
  return { pid, name, command, user, uid: number(uid), container, isKernel, startedAt: number(startedAt) }
}

function processOf([, parent, state, threads, cpu, cpuTimeMs, residentBytes, memory, readRate, writeRate]: ProcessLine, program: Program): Process {
  return { program, parent: number(parent), state, threads: number(threads), cpu: number(cpu), cpuTimeMs: number(cpuTimeMs), residentBytes: number(residentBytes), memory: number(memory), readRate: number(readRate), writeRate: number(writeRate) }
}
