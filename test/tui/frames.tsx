import { PassThrough } from 'node:stream'
import type { Sink } from '../../src/host.ts'
import { openLiveView } from '../../src/tui/live.tsx'
import { MOMENTS } from './progress.ts'

// Draws many different frames and says what they cost: JSON on standard output. Needs node --expose-gc.
const stream = Object.assign(new PassThrough(), { columns: 100, rows: 30 }).resume()
let bytes = 0
let written = 0
const sink: Sink = {
  write: (text) => {
    bytes += text.length
    written++
    return new Promise((done) => void stream.write(text, () => done()))
  },
  writeNow: (text) => void stream.write(text),
  isTerminal: true,
    isGone: false, problem: null,
  columns: 100,
  rows: 30,
  // The view asks for no more of the stream than it is.
  stream: stream as unknown as NodeJS.WriteStream,
}

const settle = (): Promise<void> => new Promise((done) => setImmediate(done))
let clock = 0
const view = await openLiveView({ sink, now: () => clock, color: true, unicode: true })
const show = async (count: number): Promise<void> => {
  for (let frame = 0; frame < count; frame++) {
    clock += 200
    view.show({ ...MOMENTS.draining, elapsedMs: clock, requests: clock, users: frame, reachedRate: Math.sin(clock) * 50 + 51 })
    await settle()
  }
}
const heap = async (): Promise<number> => {
  for (let round = 0; round < 4; round++) {
    await settle()
    globalThis.gc?.()
  }
  return process.memoryUsage().heapUsed
}

await show(500)
const before = await heap()
const started = process.cpuUsage()
written = bytes = 0
await show(2_000)
const { user, system } = process.cpuUsage(started)
const grown = (await heap()) - before
const frames = written
await view.close()
process.stdout.write(JSON.stringify({ frames, grownBytes: grown, cpuMsPerFrame: (user + system) / 1_000 / 2_000, bytesPerFrame: bytes / frames }))
