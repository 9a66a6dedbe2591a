import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { openMemory } from '../../src/commands/health-memory.ts'
import { files } from '../../src/files.ts'

const folder = mkdtempSync(join(tmpdir(), 'health-memory-'))
afterAll(() => rmSync(folder, { recursive: true }))
const at = (minutes: number): Date => new Date(Date.UTC(2026, 0, 1, 12, minutes))

describe('what is remembered from run to run', () => {
  it('is also what another run has added since this one began, which waited for its turn', async () => {
    const path = join(folder, 'state')
    const [first, second] = [openMemory(files(folder), path), openMemory(files(folder), path)]
    expect((await first.add([], 'fail', at(0))).changes).toMatchObject([{ check: null, from: null, to: 'fail' }])
    expect((await second.add([], 'fail', at(1))).changes).toEqual([])
    expect((await first.add([], 'ok', at(2))).changes).toMatchObject([{ from: 'fail', to: 'ok', lastedMs: 120_000 }])
  })

  it('is not written over what somebody has put in its place meanwhile', async () => {
    const path = join(folder, 'taken')
    const memory = openMemory(files(folder), path)
    writeFileSync(path, '{"theirs": true}')
    expect(await memory.add([], 'ok', at(0))).toEqual({ changes: [], problem: { title: expect.stringContaining('it is no state of health checks') as unknown, hint: expect.any(String) as unknown } })
    expect(readFileSync(path, 'utf8')).toBe('{"theirs": true}')
  })
})
