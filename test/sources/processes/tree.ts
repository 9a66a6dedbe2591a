import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface FakeProcess {
  readonly name?: string
  readonly ticks?: number
  readonly start?: number
  readonly stack?: number
  readonly command?: string
  /** Bytes read; null for a process whose input and output may not be seen. */
  readonly read?: number | null
}

/** A made-up /proc. */
export interface FakeProc {
  readonly path: string
  put(pid: number, process: FakeProcess): void
  remove(pid: number, file?: string): void
  delete(): void
}

export function fakeProc(): FakeProc {
  const path = mkdtempSync(join(tmpdir(), 'proc-'))
  return {
    path,
    put(pid, { name = 'sh', ticks = 0, start = 100, stack = 7, command = `${name}\0`, read = 0 }) {
      const folder = join(path, String(pid))
      mkdirSync(folder, { recursive: true })
      writeFileSync(join(folder, 'stat'), `${pid} (${name}) S 1 1 1 0 -1 0 0 0 0 0 ${ticks} 0 0 0 20 0 1 0 ${start} 0 10 0 1 2 ${stack} 0\n`)
      writeFileSync(join(folder, 'cmdline'), command)
      writeFileSync(join(folder, 'cgroup'), '0::/\n')
      if (read === null) mkdirSync(join(folder, 'io'))
      else writeFileSync(join(folder, 'io'), `rchar: 0\nwchar: 0\nsyscr: 0\nsyscw: 0\nread_bytes: ${read}\nwrite_bytes: 0\n`)
    },
    remove: (pid, file = '') => rmSync(join(path, String(pid), file), { recursive: true }),
    delete: () => rmSync(path, { recursive: true }),
  }
}
