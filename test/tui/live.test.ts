import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { openLiveView } from '../../src/tui/live.tsx'
import { MOMENTS } from './progress.ts'
import { fakeTerminal } from './sink.ts'

const running = MOMENTS['running-open']

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] }))
afterEach(() => void vi.useRealTimers())

const open = (terminal: ReturnType<typeof fakeTerminal>): ReturnType<typeof openLiveView> => openLiveView({ sink: terminal.sink, now: () => performance.now(), color: false, unicode: true })

test('the view shows the run, a note stays above it, and closing leaves only the note', async () => {
  const terminal = fakeTerminal()
  const view = await open(terminal)
  view.show(running)
  expect(terminal.screen.text).toMatch(/^Quick start {2}http:\/\/127\.0\.0\.1:4000 .*● running {2}0:35\n/)
  view.note('slow \x1b[31mstart')
  expect(terminal.screen.text).toMatch(/^slow �\[31mstart\nQuick start /)
  await view.close()
  await view.close()
  expect(terminal.screen.text).toBe('slow �[31mstart')
  expect(terminal.screen.cursorVisible).toBe(true)
})

test('it draws at most five times a second, and the last state that was shown always comes', async () => {
  const terminal = fakeTerminal()
  const view = await open(terminal)
  let frames = 0
  for (let ms = 0; ms < 2_000; ms += 10) {
    const before = terminal.raw()
    view.show({ ...running, requests: ms })
    vi.advanceTimersByTime(10)
    if (terminal.raw() !== before) frames++
  }
  expect(frames).toBeGreaterThanOrEqual(9)
  expect(frames).toBeLessThanOrEqual(11)
  vi.advanceTimersByTime(200)
  expect(terminal.screen.text).toContain('sent 1,990')
  await view.close()
})

test('a change of size is followed without waiting for news, and folds what does not fit', async () => {
  const terminal = fakeTerminal(100, 40)
  const view = await open(terminal)
  view.show(running)
  for (const columns of [90, 45, 44, 43]) terminal.resize(columns)
  vi.advanceTimersByTime(250)
  const lines = terminal.screen.text.split('\n')
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(42)
  expect(terminal.screen.text.match(/Quick start/g)).toHaveLength(1)
  expect(lines[1]).toBe('http://127.0.0.1:4000')
  await view.close()
  expect(terminal.screen.text).toBe('')
})

test('nothing is drawn after it was closed, not even what was waiting', async () => {
  const terminal = fakeTerminal()
  const view = await open(terminal)
  view.show(running)
  view.show({ ...running, requests: 9_999 })
  await view.close()
  const before = terminal.raw()
  view.show(running)
  view.note('too late')
  terminal.resize(50)
  vi.advanceTimersByTime(1_000)
  expect(terminal.raw()).toBe(before)
})

test('a terminal that goes away in the middle ends the drawing and nothing else', async () => {
  const terminal = fakeTerminal()
  const stream = Object.assign(new PassThrough(), { columns: 80, rows: 24 }).resume().on('error', () => undefined)
  const write = (text: string): Promise<void> => new Promise((done) => (stream.destroyed ? done() : void stream.write(text, () => done())))
  // The view uses no more of the stream than its events and whether it is full.
  const view = await open({ ...terminal, sink: { ...terminal.sink, write, stream: stream as unknown as NodeJS.WriteStream } })
  view.show(running)
  stream.destroy(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }))
  vi.advanceTimersByTime(300)
  view.show({ ...running, requests: 9_999 })
  view.note('nobody reads this')
  await expect(view.close()).resolves.toBeUndefined()
  await expect(view.close()).resolves.toBeUndefined()
})
