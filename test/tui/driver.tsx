import { performance } from 'node:perf_hooks'
import { spawnSync } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Sink } from '../../src/host.ts'
import type { LoadProgress } from '../../src/model/progress.ts'
import { openLiveView } from '../../src/tui/live.tsx'
import { MOMENTS } from './progress.ts'

// A scripted load test on a real terminal: frames, a note, changes of size; the arguments say how it ends.
const [ending = 'close', frames = '20', everyMs = '50', sizes = ''] = process.argv.slice(2)
const stream = process.stderr
const sink: Sink = {
  write: (text) => new Promise((done) => void stream.write(text, () => done())),
  writeNow: (text) => void stream.write(text),
  isTerminal: true,
    isGone: false, problem: null,
  get columns() {
    return stream.columns || 80
  },
  get rows() {
    return stream.rows || 24
  },
  stream,
}
stream.on('error', () => undefined)

const at = (frame: number): LoadProgress => {
  const elapsedMs = frame * 1_000
  const moment = frame < 3 ? MOMENTS.starting : frame > Number(frames) - 4 ? MOMENTS.draining : MOMENTS['running-open']
  return { ...moment, elapsedMs, requests: frame * 50, history: MOMENTS.draining.history.slice(0, frame) }
}

const now = (): number => performance.now()
const color = process.env['NO_COLOR'] === undefined
const view = await openLiveView({ sink, now, color, unicode: true })
const resizes = sizes === '' ? [] : sizes.split(',')
if (ending === 'drain') process.once('SIGINT', () => view.note('asked to finish'))
for (let frame = 0; frame < Number(frames); frame++) {
  view.show(at(frame))
  if (frame === 4) view.note('a note that stays')
  const size = resizes[frame % 3 === 2 ? Math.floor(frame / 3) : resizes.length]
  if (size !== undefined) spawnSync('stty', ['cols', size, 'rows', '30'], { stdio: 'inherit' })
  await sleep(Number(everyMs))
}
if (ending === 'throw') throw new Error('a bug')
if (ending === 'kill') process.kill(process.pid, 'SIGTERM')
if (ending === 'kill') await sleep(5_000)
await view.close()
await view.close()
process.stdout.write('the result\n')
