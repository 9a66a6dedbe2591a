import { expect, test } from 'vitest'
import { openLineView, progressLine } from '../../src/tui/lines.ts'
import { MOMENTS } from './progress.ts'
import { fakeTerminal } from './sink.ts'

const running = MOMENTS['running-open']

test('a line tells where the run is, what was asked and what came of it', () => {
  expect(progressLine({ ...running, failed: 0, errors: [] })).toBe('  0:35  sustained (2 of 4)  arrivals 49.8/s of 50/s  requests 125/s  users 12  p50 98.5 ms  p95 456 ms  failed 0')
  expect(progressLine(running)).toMatch(/ failed 0\.172% \(3\) {2}most often 503$/)
  expect(progressLine(MOMENTS.starting)).toBe('  0:00  starting  requests 0/s  users 0  failed 0')
})

test('lines come every few seconds, and at once when the phase or the state changes', () => {
  const { sink, screen } = fakeTerminal(200)
  let at = 0
  const view = openLineView({ sink, now: () => at, everyMs: 5_000 })
  const show = (elapsedMs: number, name: string, state: 'running' | 'draining'): void => {
    at = elapsedMs
    view.show({ ...running, elapsedMs, state, phase: { name, index: 2, of: 4, endsInMs: 9_000 } })
  }
  show(0, 'warm', 'running')
  for (let ms = 200; ms < 5_000; ms += 200) show(ms, 'warm', 'running')
  show(5_000, 'warm', 'running')
  show(6_000, 'hot', 'running')
  show(7_000, 'hot', 'draining')
  expect(screen.text.split('\n').map((line) => line.slice(0, 30).trimEnd())).toEqual([
    'Quick start  http://127.0.0.1:', '  0:00  warm (2 of 4)  arrival', '  0:05  warm (2 of 4)  arrival', '  0:06  hot (2 of 4)  arrivals', '  0:07  draining, hot (2 of 4)',
  ])
})

test('a crossed threshold is told once', () => {
  const { sink, screen } = fakeTerminal(200)
  const view = openLineView({ sink, now: () => 0 })
  view.show(MOMENTS.draining)
  view.show(MOMENTS.draining)
  expect(screen.text.match(/threshold crossed: http\.duration: p\(95\)<500/g)).toHaveLength(1)
})

test('there are no escape codes in it, whatever a name contains, and nothing after it was closed', async () => {
  const { sink, raw } = fakeTerminal(200)
  const view = openLineView({ sink, now: () => 0 })
  view.show({ ...MOMENTS.draining, name: '\x1b[2Jname' })
  view.note('a \x1b[31mnote')
  await view.close()
  await view.close()
  view.note('too late')
  expect(raw()).not.toMatch(/\x1b|too late/)
  expect(raw()).toContain('a �[31mnote\n')
})
