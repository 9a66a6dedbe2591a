import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createPlayback, type Playback } from '../../../src/sources/recording/playback.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }))
afterEach(() => void vi.useRealTimers())

/** A playback of a tick a second, and how many ticks it has got to. */
function play(speed: number, elapsedMs = 1_000): { readonly playback: Playback; readonly stop: AbortController; readonly after: (ms: number) => Promise<number>; readonly over: Promise<unknown> } {
  const stop = new AbortController()
  const playback = createPlayback(speed, () => performance.now(), stop.signal)
  let ticks = 0
  const run = async (): Promise<void> => {
    for (;;) {
      await playback.pass(ticks === 0 ? 0 : elapsedMs)
      ticks++
    }
  }
  return {
    playback, stop, over: run().catch((error: unknown) => error),
    after: async (ms) => {
      await vi.advanceTimersByTimeAsync(ms)
      return ticks
    },
  }
}

test('time of a recording passes at its speed, and stands still while it is paused', async () => {
  const { playback, after } = play(2)
  expect(await after(2_250)).toBe(5)
  playback.pause(true)
  expect(await after(60_000)).toBe(5)
  playback.pause(false)
  expect([await after(200), await after(100)]).toEqual([5, 6])
})

test('another speed holds at once, also for the wait that is under way, and while it is paused', async () => {
  const { playback, after } = play(1)
  expect(await after(500)).toBe(1)
  expect(playback.faster(1)).toBe(2)
  expect(await after(250)).toBe(2)
  playback.pause(true)
  expect([1, 1, 1, 1, 1].map((direction) => playback.faster(direction as 1))).toEqual([5, 10, 30, 100, 100])
  expect(await after(1_000)).toBe(2)
  playback.pause(false)
  expect(await after(100)).toBe(12)
})

test('goes through slow speeds to the slowest, from a speed between two as well', () => {
  const { playback } = play(3)
  expect([-1, -1, -1, -1, -1].map((direction) => playback.faster(direction as -1))).toEqual([2, 1, 0.5, 0.25, 0.25])
})

test('a silence of an hour is cut short, at any speed', async () => {
  for (const speed of [0.25, 1, 100]) expect([await play(speed, 3_600_000).after(9_900), await play(speed, 3_600_000).after(10_100)], `x${speed}`).toEqual([1, 2])
})

test('a program that stood still goes on where it was and plays nothing in one go', async () => {
  let clock = 0
  const { signal } = new AbortController()
  const playback = createPlayback(1, () => clock, signal)
  await playback.pass(0)
  clock = 3_600_000
  for (let tick = 0; tick < 2; tick++) await playback.pass(1_000)
  let isThere = false
  void playback.pass(1_000).then(() => (isThere = true))
  await Promise.resolve()
  expect(isThere).toBe(false)
})

test('breaking it off ends a wait, also of a paused one', async () => {
  const { playback, stop, after, over } = play(1)
  await after(10)
  playback.pause(true)
  stop.abort()
  expect(await over).toMatchObject({ name: 'AbortError' })
})
