import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { formatState, parseState, readState, writeState } from '../../src/health/state-file.ts'
import { foldState } from '../../src/health/state.ts'
import { files } from '../../src/files.ts'
import { UserError } from '../../src/model/error.ts'
import { canMount } from './mounts.ts'
import { after, every5, result, START } from './runs.ts'

const folder = mkdtempSync(join(tmpdir(), 'medianest-state-'))
afterAll(() => rmSync(folder, { recursive: true }))
const path = join(folder, 'state.json')
const { state } = after(every5('ok', 'fail', 'excused', 'ok'))
const good = JSON.parse(formatState(state)) as { readonly checks: readonly Record<string, unknown>[] }

describe('a state file', () => {
  it('is read as it was written, and only its owner may read it', async () => {
    expect(await writeState(files(folder), 'state.json', state)).toBeNull()
    expect(await readState(path)).toEqual(state)
    expect(statSync(path).mode & 0o777).toBe(0o600)
  })

  it('that is not there yet is no problem', async () => {
    expect(await readState(join(folder, 'none.json'))).toBeNull()
  })

  const broken = (change: object): string => JSON.stringify({ ...good, checks: [{ ...good.checks[0], ...change }] })
  it.each([
    ['', 'it is empty'],
    ['{"medianest-perf":"health-st', 'it is no JSON'],
    ['{"checks": []}', 'it is no state of health checks'],
    ['[]', 'it is no state of health checks'],
    [JSON.stringify({ ...good, version: 2 }), 'it has version 2, and this program knows 1'],
    [JSON.stringify({ ...good, version: 'x' }), 'broken at version'],
    [JSON.stringify({ ...good, overall: null }), 'broken at overall'],
    [JSON.stringify({ ...good, checks: {} }), 'broken at checks'],
    [JSON.stringify({ ...good, checks: [good.checks[0], good.checks[0]] }), 'broken at checks[1].name'],
    [broken({ since: 'yesterday' }), 'broken at checks[0].since'],
    [broken({ since: 1e300 }), 'broken at checks[0].since'],
    [broken({ verdict: 'excused' }), 'broken at checks[0].verdict'],
    [broken({ recent: ['up'] }), 'broken at checks[0].recent'],
    [broken({ gaps: [-1] }), 'broken at checks[0].gaps'],
    [broken({ history: [['ok', 10, 20], ['ok', 15, 30]] }), 'broken at checks[0].history[1]'],
    [broken({ history: [['ok', 20, 10]] }), 'broken at checks[0].history[0]'],
    [broken({ history: [[{ ok: 11 }, 10, 20]] }), 'broken at checks[0].history[0]'],
    [broken({ history: Array(10_001).fill(['ok', 1, 2]) }), 'broken at checks[0].history'],
  ])('%# is refused and left alone: %.40s', async (text, reason) => {
    writeFileSync(path, text)
    await expect(readState(path)).rejects.toMatchObject({ code: 'STATE_FILE', kind: 'input', message: expect.stringContaining(reason), hint: expect.stringContaining('') })
    expect(readFileSync(path, 'utf8')).toBe(text)
  })

  it('with anything at all in any place is read or refused, and nothing else', () => {
    const places: readonly (readonly (string | number)[])[] = [['overall'], ['checks'], ['checks', 0], ...['verdict', 'since', 'isExcused', 'lastSeen', 'flappingSince', 'recent', 'gaps', 'history'].map((key) => ['checks', 0, key]), ['checks', 0, 'history', 0], ['checks', 0, 'history', 0, 0], ['checks', 0, 'history', 0, 1]]
    fc.assert(fc.property(fc.constantFrom(...places), fc.jsonValue(), (place, value) => {
      const text = formatState(state)
      const root = JSON.parse(text) as Record<string | number, unknown>
      let at = root
      for (const key of place.slice(0, -1)) at = at[key] as typeof root
      at[place.at(-1) ?? ''] = value
      try {
        expect(parseState(JSON.stringify(root), 'x').checks).toBeInstanceOf(Map)
      } catch (error) {
        if (!(error instanceof UserError)) throw error
      }
    }), { numRuns: 500 })
  })

  it('that is a folder, a pipe nobody writes to, or huge is refused at once', async () => {
    const pipe = join(folder, 'pipe')
    execFileSync('sh', ['-c', 'mkfifo "$0"', pipe])
    const huge = join(folder, 'huge')
    writeFileSync(huge, '')
    truncateSync(huge, 17 * 2 ** 20)
    await expect(readState(folder)).rejects.toMatchObject({ code: 'STATE_FILE', message: expect.stringContaining('it is no regular file') })
    await expect(readState(pipe)).rejects.toMatchObject({ code: 'STATE_FILE', message: expect.stringContaining('it is no regular file') })
    await expect(readState(huge)).rejects.toMatchObject({ code: 'STATE_FILE', message: expect.stringContaining('larger than 16 MiB') })
  })

  it('in a folder that is not there is a problem that is told, not thrown', async () => {
    expect(await writeState(files(folder), 'none/state.json', state)).toMatch(/^the state of this run is not kept: none\/state\.json cannot be written: its folder does not exist$/)
  })

  it.skipIf(!canMount)('stays as it was when the disk gets full while it is written (needs the right to mount)', async () => {
    const disk = mkdtempSync(join(tmpdir(), 'medianest-full-'))
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', disk])
    try {
      expect(await writeState(files(disk), 'state.json', state)).toBeNull()
      // More than fits: some of it is taken, the rest is not.
      const names = Array.from({ length: 2_000 }, (_, index) => result(`check ${index}`, 'ok'))
      const large = foldState(null, names, 'ok', new Date(START)).state
      expect(formatState(large).length).toBeGreaterThan(256 * 1_024)
      expect(await writeState(files(disk), 'state.json', large)).toMatch(/not kept: state\.json cannot be written: the disk is full$/)
      expect(await readState(join(disk, 'state.json'))).toEqual(state)
      expect(readdirSync(disk)).toEqual(['state.json'])
    } finally {
      execFileSync('umount', [disk])
      rmSync(disk, { recursive: true })
    }
  })
})
