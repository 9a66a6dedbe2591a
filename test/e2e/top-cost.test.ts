import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { descendants, hasTerminals, openTerminal } from './terminal.ts'

const can = hasTerminals && process.platform === 'linux'
const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms))

// What it may cost is counted in bytes, frames and processes; it runs alone, so that file systems of other tests need no child to be asked.
describe.skipIf(!can)('top, left running on a real terminal (needs Linux and util-linux "script")', { retry: 2 }, () => {
  test('asks nobody else about the machine, and sends the terminal one small frame a second', async () => {
    const terminal = openTerminal(['top'])
    try {
      await terminal.shows(/LIVE[\s\S]*PROCESSES/)
      await pause(4_000)
      const from = terminal.pieces.length
      await pause(5_000)
      const pieces = terminal.pieces.slice(from)
      const stat = readFileSync(`/proc/${terminal.pid()}/stat`, 'utf8')
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      // Minor faults and processor time of children that were waited for: there never was one.
      expect([fields[8], fields[13], fields[14]]).toEqual(['0', '0', '0'])
      expect(descendants(terminal.pid())).toEqual([])
      const frames = pieces.filter(({ at }, index) => index === 0 || at - (pieces[index - 1]?.at ?? 0) > 50)
      expect(frames.length).toBeGreaterThanOrEqual(3)
      expect(frames.length).toBeLessThanOrEqual(12)
      expect(pieces.reduce((sum, { bytes }) => sum + bytes, 0) / frames.length).toBeLessThanOrEqual(3_072)
      terminal.type('q')
      expect(await terminal.ended).toBe(0)
    } finally {
      await terminal.close()
    }
  })
})
