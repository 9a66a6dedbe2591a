import { EventEmitter } from 'node:events'
import type { Host } from '../../../src/host.ts'
import { openTop } from '../../../src/tui/top/open.ts'
import { fakeAlarms, fakeFeed, fakeHistory, process as row } from './feed.ts'
import { PARTS } from './picture.ts'

// Draws many different frames with a dialog open, and says what they cost: JSON on standard output. Needs node --expose-gc.
let frames = 0
let bytes = 0
const stdin = Object.assign(new EventEmitter(), { setRawMode: () => stdin, setEncoding: () => stdin, resume: () => stdin, pause: () => stdin })
const sink = {
  write: async (text: string) => {
    frames++
    bytes += text.length
  },
  writeNow: () => undefined, isTerminal: true, columns: 120, rows: 40, stream: Object.assign(new EventEmitter(), { writableNeedDrain: false }),
}
// What top touches of a host, and nothing else.
const host = {
  stdout: sink, stdin: { isTerminal: true, stream: stdin }, interrupts: { drain: new AbortController().signal }, now: () => performance.now(), wallTime: () => new Date(), usage: () => ({ cpuMs: 0, rssBytes: 0 }),
  onSignal: () => () => undefined, onExit: () => () => undefined, kill: () => undefined,
} as unknown as Host

const settle = (): Promise<void> => new Promise((done) => setImmediate(() => setImmediate(done)))
const feed = fakeFeed()
let tick = 0
const history = fakeHistory()
const short = { ...history, push: (snapshot: Parameters<typeof history.push>[0]) => void (newest = snapshot), get length() { return 1 }, moment: () => (history.length === 0 ? null : { ...history.moment(0)!, at: newest?.at ?? 0, processes: newest?.processes ?? null }) }
let newest: Parameters<typeof history.push>[0] | undefined
history.push({ at: 0, elapsedMs: 1_000, samples: new Map(), processes: null, application: null, alerts: [] })
const before0 = { rss: process.memoryUsage.rss(), at: performance.now() }
const ended = openTop({
  ...PARTS, host, feeds: [feed], createHistory: () => short, createAlarms: fakeAlarms,
  paint: (surface) => {
    for (let y = 0; y < surface.height; y++) surface.put(0, y, `│ ${tick} ${((tick * 31 + y * 17) % 9973) / 100}% ▂▃▅▆▅▄▃▅▆▇█▆ node server.js ${(tick * y) % 97}`, y % 2 ? 'ok' : 'border')
  },
})
const show = async (count: number): Promise<void> => {
  for (let frame = 0; frame < count; frame++) {
    tick++
    feed.tick([row(7, 'node', { cpu: (tick % 100) / 100, cpuTimeMs: tick * 977 })])
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

await show(5)
const imported = performance.now()
await import('../../../src/tui/top/shell.tsx')
const inkMs = performance.now() - imported
await new Promise((done) => setTimeout(done, 300))
stdin.emit('data', 'e')
const rssOfInk = process.memoryUsage.rss() - before0.rss
await show(500)
const before = await heap()
const started = process.cpuUsage()
frames = bytes = 0
await show(2_000)
const { user, system } = process.cpuUsage(started)
const grown = (await heap()) - before
const drawn = frames
stdin.emit('data', '\x1b[27uq')
await ended
process.stdout.write(JSON.stringify({ frames: drawn, grownBytes: grown, cpuMsPerFrame: (user + system) / 1_000 / 2_000, bytesPerFrame: bytes / drawn, inkMs, rssOfInk }))
process.exit(0)
