import type { Process, Program } from '../model/process.ts'
import type { ProcessTable } from '../model/snapshot.ts'
import { mostImportant } from './important.ts'

/** How many processes of each tick are kept. */
const KEPT = 20

const NONE = -1
const UNKNOWN_STATE = '?'.charCodeAt(0)

/** The most important processes of each tick, in flat arrays: a ring that is written over for ever. */
export class ProcessRing {
  /** Rows kept of a tick; `NONE` where processes were not looked at. */
  readonly #counts: Int8Array
  readonly #totals: Float64Array
  readonly #lookedAt: Float64Array
  readonly #programs: (Program | null)[]
  readonly #pids: Int32Array
  readonly #parents: Int32Array
  readonly #states: Uint16Array
  readonly #threads: Float32Array
  readonly #cpu: Float32Array
  readonly #cpuTimes: Float64Array
  readonly #resident: Float64Array
  readonly #memory: Float32Array
  readonly #reads: Float32Array
  readonly #writes: Float32Array

  constructor(capacity: number) {
    const rows = capacity * KEPT
    this.#counts = new Int8Array(capacity).fill(NONE)
    this.#totals = new Float64Array(capacity)
    this.#lookedAt = new Float64Array(capacity)
    this.#programs = new Array<Program | null>(rows).fill(null)
    this.#pids = new Int32Array(rows)
    this.#parents = new Int32Array(rows)
    this.#states = new Uint16Array(rows)
    this.#threads = new Float32Array(rows)
    this.#cpu = new Float32Array(rows)
    this.#cpuTimes = new Float64Array(rows)
    this.#resident = new Float64Array(rows)
    this.#memory = new Float32Array(rows)
    this.#reads = new Float32Array(rows)
    this.#writes = new Float32Array(rows)
  }

  put(slot: number, table: ProcessTable | null): void {
    const rows = table ? mostImportant(table.rows, KEPT) : []
    this.#counts[slot] = table ? rows.length : NONE
    this.#totals[slot] = table?.total ?? 0
    this.#lookedAt[slot] = table?.at ?? 0
    for (let index = 0; index < KEPT; index++) this.#putRow(slot * KEPT + index, rows[index])
  }

  #putRow(place: number, row: Process | undefined): void {
    this.#programs[place] = row?.program ?? null
    if (!row) return
    this.#pids[place] = row.program.pid
    this.#parents[place] = row.parent
    this.#states[place] = row.state.charCodeAt(0) || UNKNOWN_STATE
    this.#threads[place] = row.threads
    this.#cpu[place] = row.cpu
    this.#cpuTimes[place] = row.cpuTimeMs
    this.#resident[place] = row.residentBytes
    this.#memory[place] = row.memory
    this.#reads[place] = row.readRate
    this.#writes[place] = row.writeRate
  }

  /** The processes of a tick that are kept; null where they were not looked at. */
  table(slot: number): ProcessTable | null {
    const count = this.#counts[slot] ?? NONE
    if (count === NONE) return null
    const rows: Process[] = []
    for (let place = slot * KEPT; place < slot * KEPT + count; place++) {
      const program = this.#programs[place]
      if (program) rows.push(this.#row(place, program))
    }
    return { at: this.#lookedAt[slot] ?? 0, total: this.#totals[slot] ?? 0, rows }
  }

  #row(place: number, program: Program): Process {
    const at = (column: Float32Array | Float64Array | Int32Array): number => column[place] ?? Number.NaN
    return {
      program, parent: at(this.#parents), state: String.fromCharCode(this.#states[place] ?? 0), threads: at(this.#threads), cpu: at(this.#cpu), cpuTimeMs: at(this.#cpuTimes),
      residentBytes: at(this.#resident), memory: at(this.#memory), readRate: at(this.#reads), writeRate: at(this.#writes),
    }
  }

  /** Processor use of a process in a tick; 0 where it is not among those kept, NaN where processes were not looked at. */
  cpuOf(slot: number, pid: number, startedAt: number): number {
    const count = this.#counts[slot] ?? NONE
    if (count === NONE) return Number.NaN
    for (let place = slot * KEPT; place < slot * KEPT + count; place++) {
      const program = this.#pids[place] === pid ? this.#programs[place] : null
      // A start that is not known is NaN.
      if (program && Object.is(program.startedAt, startedAt)) return this.#cpu[place] ?? Number.NaN
    }
    return 0
  }

  /** Which process used the processor most in a tick. */
  busiest(slot: number): Program | null {
    // The first was chosen for the processor, if one was.
    const first = slot * KEPT
    return (this.#counts[slot] ?? NONE) > 0 && (this.#cpu[first] ?? 0) > 0 ? (this.#programs[first] ?? null) : null
  }

  clear(): void {
    this.#counts.fill(NONE)
    this.#programs.fill(null)
  }
}
