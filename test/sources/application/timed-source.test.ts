import { describe, expect, it } from 'vitest'
import type { Source } from '../../../src/model/source.ts'
import { timed } from '../../../src/sources/application/timed-source.ts'
import { TERMS, until } from './redis-world.ts'

const NOTHING = { samples: new Map() }
const source = (collect: Source['collect']): Source => ({ ...TERMS, kind: 'custom', collect, close: async () => undefined })
const forever = new AbortController().signal

describe('a source with a limit', () => {
  it('is what it was where it answers in time', async () => {
    const limited = timed(source(async () => NOTHING), 5_000)
    expect(limited).toMatchObject({ id: 'redis', kind: 'custom', intervalMs: 30_000 })
    expect(await limited.collect(forever)).toBe(NOTHING)
    expect(await limited.collect(forever)).toBe(NOTHING)
  })

  it('says in its own words what took too long, and in ours where it has none', async () => {
    const own = timed(source((signal) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))))), 20)
    await expect(own.collect(forever)).rejects.toMatchObject({ code: 'SOURCE_TIMEOUT', message: 'redis told nothing within 20 ms' })
    await expect(own.collect(forever), 'and may be asked again').rejects.toMatchObject({ code: 'SOURCE_TIMEOUT' })
  })

  it('that heeds no signal is left behind, and not asked a second time until it has ended', async () => {
    let end = (): void => undefined
    const deaf = timed(source(() => new Promise((done) => (end = () => done(NOTHING)))), 20)
    await expect(deaf.collect(forever)).rejects.toMatchObject({ code: 'SOURCE_TIMEOUT' })
    await expect(deaf.collect(forever)).rejects.toMatchObject({ code: 'SOURCE_BUSY' })
    end()
    await until(() => deaf.collect(AbortSignal.abort()).then(() => true, (error: { code?: string }) => error.code !== 'SOURCE_BUSY'))
  })

  it('ends when whoever asked has no more time, though it heeds no signal', async () => {
    const deaf = timed(source(() => new Promise(() => undefined)), 60_000)
    await expect(deaf.collect(AbortSignal.timeout(20))).rejects.toMatchObject({ code: 'SOURCE_TIMEOUT' })
  })

  it('throws on what it throws itself', async () => {
    const bug = new TypeError('ours')
    await expect(timed(source(() => Promise.reject(bug)), 1_000).collect(forever)).rejects.toBe(bug)
  })
})
