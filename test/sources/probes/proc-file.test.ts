import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { ByteScanner } from '../../../src/sources/probes/byte-scanner.ts'
import { ProcFile } from '../../../src/sources/probes/proc-file.ts'

const scanner = new ByteScanner()

describe.skipIf(!readdirSync('/').includes('proc'))('a file of /proc (needs Linux)', () => {
  it('is read whole though the kernel hands it out in pieces', () => {
    const file = new ProcFile('/proc/kallsyms')
    expect(file.read(scanner)).toBe(true)
    expect(scanner.end).toBe(readFileSync('/proc/kallsyms').length)
    file.close()
  })

  it('keeps one descriptor open and tells something new each time', () => {
    const open = (): number => readdirSync('/proc/self/fd').length
    const file = new ProcFile('/proc/self/stat')
    const before = open()
    for (let look = 0; look < 50; look++) expect(file.read(scanner)).toBe(true)
    expect(open()).toBe(before + 1)
    file.close()
    expect(open()).toBe(before)
  })

  it('that vanishes is absent, and its descriptor given back', async () => {
    const child = spawn('sleep', ['30'], { stdio: 'ignore' })
    await once(child, 'spawn')
    const file = new ProcFile(`/proc/${child.pid}/stat`)
    expect(file.readNumber(scanner)).toBe(child.pid)
    const open = readdirSync('/proc/self/fd').length
    child.kill()
    await once(child, 'close')
    expect([file.read(scanner), file.readNumber(scanner)]).toEqual([false, Number.NaN])
    expect(readdirSync('/proc/self/fd').length).toBe(open - 1)
  })
})

describe('a file', () => {
  it('that cannot be read for another reason than its absence is an error', () => {
    expect(() => new ProcFile('/').read(scanner)).toThrow('EISDIR')
  })
})
