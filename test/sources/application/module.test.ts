import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { UserError } from '../../../src/model/error.ts'
import type { Source } from '../../../src/model/source.ts'
import { openSource } from '../../../src/sources/application/module.ts'
import { fakeWorld, TERMS, valueIn } from './exposing.ts'

const endings: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end()
})

async function open(text: string, { path = 'figures.mjs', options, timeout = '5s' }: { readonly path?: string; readonly options?: Record<string, unknown>; readonly timeout?: string } = {}): Promise<Source> {
  const folder = await mkdtemp(join(tmpdir(), 'module-'))
  endings.push(() => rm(folder, { recursive: true, force: true }))
  await mkdir(join(folder, 'config'))
  await writeFile(join(folder, 'config', 'figures.mjs'), text)
  await writeFile(join(folder, 'outside.mjs'), text)
  await symlink('../outside.mjs', join(folder, 'config', 'link.mjs'))
  const world = fakeWorld({ resolve: (named) => resolve(folder, 'config', named), env: { GREETING: 'hello' } })
  const source = openSource({ type: 'module', path, timeout, ...(options ? { options } : {}) }, { ...TERMS, id: 'module', intervalMs: 60_000 }, world)
  endings.push(() => source.close())
  return source
}

const collect = (source: Source) => source.collect(AbortSignal.timeout(10_000))
const returning = (value: string): string => `export const collect = () => (${value})`

async function problemOf(source: Source): Promise<string> {
  const error: unknown = await collect(source).then(() => new Error('it was taken'), (thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(UserError)
  return `${(error as UserError).code} ${(error as UserError).message} | ${(error as UserError).hint}`
}

describe('a module of the user\'s own', () => {
  it('gives samples, endpoints and queries, by any name a metric has', async () => {
    const source = await open(`export async function collect({ options }) {
      return {
        samples: [{ metric: 'business.active_users', value: options.users }, { metric: 'jobs.waiting', value: 3, tag: 'mail' }, { metric: 'cacheHitRate', value: 0.9 }],
        endpoints: [{ method: 'GET', path: '/a', count: 2, avgMs: 10, errors: 0.5 }, { path: '/b' }],
        queries: [{ query: 'SELECT 1', count: 4, avgMs: 1.5 }],
      }
    }`, { options: { users: 12 } })
    const collected = await collect(source)
    expect([valueIn(collected, 'business.active_users'), valueIn(collected, 'jobs.waiting', 'mail'), valueIn(collected, 'cache.hit_rate')]).toEqual([12, 3, 0.9])
    expect(collected.endpoints).toEqual([{ method: 'GET', path: '/a', count: 2, avgMs: 10, errors: 0.5 }, { method: '', path: '/b', count: NaN, avgMs: NaN, errors: NaN }])
    expect(collected.queries).toEqual([{ query: 'SELECT 1', count: 4, avgMs: 1.5 }])
  })

  it('keeps what it remembers from one collection to the next, and sees the environment', async () => {
    const source = await open('let count = 0\nexport const collect = () => ({ samples: [{ metric: "cache.keys", value: ++count }, { metric: "jobs.active", value: 1, tag: process.env.GREETING }] })')
    await collect(source)
    const collected = await collect(source)
    expect([valueIn(collected, 'cache.keys'), valueIn(collected, 'jobs.active', 'hello')]).toEqual([2, 1])
  })

  it.each<[string, string, RegExp]>([
    ['throws', 'export const collect = () => { throw new TypeError("no\\u001b[31m luck") }', /^MODULE_FAILED the module figures\.mjs failed: TypeError: no\ufffd\[31m luck \|/],
    ['rejects', 'export const collect = async () => { throw "text" }', /^MODULE_FAILED .* failed: text/],
    ['never catches what it started', 'export const collect = () => { Promise.reject(new Error("left alone")); return new Promise(() => {}) }', /^MODULE_FAILED .* took its thread down: left alone/],
    ['throws out of a timer', 'export const collect = () => { setTimeout(() => { throw new Error("late") }, 1); return new Promise(() => {}) }', /took its thread down: late/],
    ['ends the process', 'export const collect = () => process.exit(7)', /took its thread down: it ended its thread with 7/],
    ['is no JavaScript', 'export const collect = (', /^MODULE_BROKEN .* cannot be loaded: SyntaxError/],
    ['imports what is not there', 'import "nothing-of-this-name"', /^MODULE_BROKEN .* cannot be loaded: Error: Cannot find package 'nothing-of-this-name' imported from figures\.mjs/],
    ['exports something else', 'export const gather = () => ({})', /cannot be loaded: Error: it exports gather, and no function collect \| it is to be a JavaScript module that exports a function collect/],
    ['returns nothing', 'export const collect = () => {}', /^MODULE_FAILED .* failed: it returned nothing/],
    ['returns a number', returning('5'), /^MODULE_ANSWER .* returned what cannot be taken: it is no object \| collect\(\{ signal, options \}\) returns/],
    ['returns what is no JSON', returning('{ samples: 1n }'), /^MODULE_FAILED .*BigInt/],
    ['returns a key nobody knows', returning('{ sample: [] }'), /: it has sample, which is not known/],
    ['returns NaN', returning('{ samples: [{ metric: "cache.keys", value: 1 }, { metric: "cache.keys", value: NaN }] }'), /: samples\[1\]\.value is no finite number/],
    ['names no metric', returning('{ samples: [{ metric: "business.active_user", value: 1 }] }'), /: samples\[0\]\.metric is "business\.active_user", which is no metric \| did you mean business\.active_users\?/],
    ['leaves the tag out', returning('{ samples: [{ metric: "jobs.waiting", value: 1 }] }'), /: samples\[0\]\.tag is missing: there is one jobs\.waiting for each queue/],
    ['gives a tag that there is not', returning('{ samples: [{ metric: "cache.keys", value: 1, tag: "a" }] }'), /: samples\[0\]\.tag is "a", and cache\.keys has one series/],
    ['gives percent for a share', returning('{ samples: [{ metric: "business.user_errors", value: 12 }] }'), /: samples\[0\]\.value is 12, and business\.user_errors is a share from 0 to 1 \| for 12 of 100 return 0\.12/],
    ['gives a wrong endpoint', returning('{ endpoints: [{ path: 5 }] }'), /: endpoints\[0\]\.path is no string/],
    ['returns far too much', returning('{ queries: [{ query: "x".repeat(5e6) }] }'), /returned more than 4 MB/],
  ])('that %s is told by name', async (_, text, said) => {
    expect(await problemOf(await open(text))).toMatch(said)
  })

  it.each<[string, string]>([['waits for ever', 'export const collect = () => new Promise(() => {})'], ['runs in a circle', 'export const collect = () => { for (;;); }'], ['is never loaded', 'await new Promise(() => setInterval(() => {}, 1e6)); export const collect = () => ({})']])('that %s is ended, and begins anew next time', async (_, text) => {
    const source = await open(text, { timeout: '300ms' })
    for (let turn = 0; turn < 2; turn++) expect(await problemOf(source)).toMatch(/^MODULE_SILENT the module figures\.mjs does not answer within 300 ms/)
  })

  it('may end by itself when it is told to', async () => {
    const source = await open('export const collect = ({ signal }) => new Promise((done) => signal.addEventListener("abort", () => done({ samples: [{ metric: "cache.keys", value: 1 }] })))', { timeout: '200ms' })
    expect(valueIn(await collect(source), 'cache.keys')).toBe(1)
  })

  it('takes the next chance after it failed', async () => {
    const source = await open('let turn = 0\nexport const collect = () => { if (turn++ === 0) throw new Error("once"); return {} }')
    expect(await problemOf(source)).toMatch(/failed: Error: once/)
    expect((await collect(source)).samples.size).toBe(0)
  })

  it('that falls over between two collections says so at the next', async () => {
    const source = await open('export const collect = () => { setTimeout(() => Promise.reject(new Error("afterwards")), 20); return {} }')
    await collect(source)
    await new Promise((wait) => setTimeout(wait, 300))
    expect(await problemOf(source)).toMatch(/took its thread down: afterwards/)
    expect((await collect(source)).samples.size).toBe(0)
  })

  it.each([['../outside.mjs'], ['link.mjs'], ['../config/../outside.mjs']])('is not run from elsewhere: %s', async (path) => {
    expect(await problemOf(await open(returning('{}'), { path }))).toMatch(/^MODULE_OUTSIDE the module .* is not below the folder of the configuration/)
  })

  it('that is not there is missed when it is asked, not before', async () => {
    expect(await problemOf(await open('', { path: 'other.mjs' }))).toMatch(/^MODULE_MISSING the module other\.mjs is not there \(ENOENT\)/)
  })
})
