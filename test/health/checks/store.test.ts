import { mkdtempSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { look } from '../../../src/health/checks/store.ts'
import { fileSystem, NOW, run, said, world } from './system-world.ts'

const folder = mkdtempSync(join(tmpdir(), 'store-check-'))
afterAll(() => rmSync(folder, { recursive: true }))

interface Made { readonly pages?: number; readonly pageBytes?: number; readonly ageMs?: number; readonly validFor?: number; readonly wal?: number; readonly walAgeMs?: number }

/** A file as SQLite would have it, written a while ago. */
function store(name: string, { pages = 4, pageBytes = 4_096, ageMs = 10_000, validFor = 9, wal, walAgeMs = 0 }: Made = {}): string {
  const path = join(folder, name)
  const bytes = Buffer.alloc(pages * pageBytes)
  bytes.write('SQLite format 3\0', 'latin1')
  bytes.writeUInt16BE(pageBytes === 65_536 ? 1 : pageBytes, 16)
  bytes.writeUInt32BE(9, 24)
  bytes.writeUInt32BE(pages, 28)
  bytes.writeUInt32BE(validFor, 92)
  writeFileSync(path, bytes)
  age(path, ageMs)
  if (wal !== undefined) {
    writeFileSync(`${path}-wal`, Buffer.alloc(wal))
    age(`${path}-wal`, walAgeMs)
  }
  return path
}

function age(path: string, ms: number): void {
  utimesSync(path, (NOW - ms) / 1_000, (NOW - ms) / 1_000)
}

function cut(path: string, bytes: number): string {
  truncateSync(path, bytes)
  age(path, 10_000)
  return path
}

const onDisk = world({ fileSystems: async () => [fileSystem()] })
const check = (path: string, more: object = {}): Promise<string> => said(look, { type: 'store', path, ...more }, onDisk)

describe('the store', () => {
  it('is fine when it is whole and was written to lately', async () => {
    expect(await check(store('whole'))).toBe('ok: 16.4 kB, last written 10 s ago')
    expect(await check(store('large-pages', { pages: 2, pageBytes: 65_536 }))).toBe('ok: 131 kB, last written 10 s ago')
  })

  it('was written to when its log was, and has its size too', async () => {
    const { message, details } = await run(look, { type: 'store', path: store('wal', { ageMs: 3_600_000, wal: 5_000, walAgeMs: 2_000 }) }, onDisk)
    expect(message).toBe('21.4 kB, last written 2 s ago')
    expect(details).toMatchObject({ sizeBytes: 16_384, walBytes: 5_000, lastWritten: new Date(NOW - 2_000).toISOString() })
  })

  it.each([[300_000, 'warn: last written 5m ago (warning at 5m)'], [7_200_000, 'fail: last written 2h ago (critical at 30m)']])('that nobody has written to for %d ms', async (ageMs, expected) => {
    expect(await check(store('old', { ageMs }))).toBe(expected)
  })

  it('is judged by its own levels where they are given', async () => {
    const path = store('levels', { ageMs: 3_600_000 })
    expect(await check(path, { age: 'off', size: { warning: '10kB' } })).toBe(`warn: ${path} has 16.4 kB (warning at 10 kB)`)
  })

  it('that is cut off is broken', async () => {
    const path = cut(store('cut'), 9_000)
    expect(await check(path)).toBe(`fail: ${path} is cut off: it has 9 kB of 16.4 kB`)
    expect(await check(cut(store('stub'), 50))).toMatch(/^fail: .* is cut off after 50 bytes/)
    expect(await check(cut(store('nothing'), 0))).toMatch(/^fail: .* is empty/)
  })

  it('is not called broken for a length that an old version did not keep', async () => {
    expect(await check(cut(store('kept', { validFor: 1 }), 9_000))).toMatch(/^ok: /)
  })

  it('that is short while its log is full may be just being written', async () => {
    const path = cut(store('short', { wal: 9_000 }), 9_000)
    expect(await check(path)).toBe(`warn: ${path} is cut off: it has 9 kB of 16.4 kB, the rest may be in its log`)
    const growing = cut(store('growing', { wal: 9_000 }), 9_000)
    setTimeout(() => cut(growing, 16_384), 50)
    expect(await check(growing)).toMatch(/^ok: /)
  })

  it('on a disk that hangs is not touched', async () => {
    const hanging = world({ fileSystems: async () => [fileSystem({ mountpoint: '/nas', answer: 'silent' })] })
    expect(await said(look, { type: 'store', path: '/nas/agent.db' }, hanging)).toBe('fail: /nas/agent.db cannot be read: /nas does not answer')
  })

  it('that is something else, or not there, fails', async () => {
    const text = join(folder, 'text')
    writeFileSync(text, 'x'.repeat(500))
    expect(await check(text)).toMatch(/^fail: .* is no SQLite file/)
    expect(await check(join(folder, 'nowhere'))).toBe(`fail: ${join(folder, 'nowhere')} is not there`)
    expect(await check(folder)).toMatch(/^fail: .* is a directory/)
    expect(await check(cut(store('pages', { pageBytes: 777 }), 3_000))).toMatch(/^fail: .* its pages would have 777 bytes/)
  })
})
