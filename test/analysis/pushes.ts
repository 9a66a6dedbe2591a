import { derive } from '../../src/analysis/derive.ts'
import { History } from '../../src/analysis/history.ts'
import { machine, process as row, snapshot } from './looks.ts'

// Pushes many ticks of an ordinary machine and says what they cost: JSON on standard output. Needs node --expose-gc.
const programs = Array.from({ length: 400 }, (_, index) => row(index + 1).program)
const history = new History()
let before: Parameters<typeof derive>[0] = null
let pushMs = 0
let tick = 0

function push(ticks: number): void {
  for (const last = tick + ticks; tick < last; tick++) {
    const now = { monotonicMs: tick * 1_000, wallMs: tick * 1_000, samples: machine(tick) }
    const rows = programs.map((program, index) => ({ ...row(program.pid), program, cpu: ((index * 7 + tick) % 11) / 10, readRate: index % 9 }))
    const next = snapshot(tick * 1_000, {}, { samples: derive(before, now), processes: { at: tick * 1_000, total: 400, rows } })
    before = now
    const began = performance.now()
    history.push(next)
    pushMs += performance.now() - began
  }
}

function memory(): number {
  globalThis.gc?.()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

const empty = memory()
push(700)
const ring = memory()
pushMs = 0
push(2_000)
process.stdout.write(JSON.stringify({ grownBytes: memory() - ring, ringBytes: ring - empty, series: history.seriesCount, pushMs: pushMs / 2_000 }))
