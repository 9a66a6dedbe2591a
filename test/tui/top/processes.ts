import type { Process, Program } from '../../../src/model/process.ts'
import type { ProcessTable } from '../../../src/model/snapshot.ts'

/** When the processes of the tests are looked at. */
export const AT = Date.UTC(2026, 0, 5, 2, 13, 44)

/** A process that sleeps, but for what is given. */
export function process({ program, ...parts }: Partial<Omit<Process, 'program'>> & { readonly program?: Partial<Program> } = {}): Process {
  const pid = program?.pid ?? 100
  const name = program?.name ?? 'sleeper'
  return {
    program: { pid, name, command: program?.command ?? `/usr/bin/${name}`, user: 'app', uid: 1_000, container: null, isKernel: false, startedAt: AT - 60_000, ...program },
    parent: 1, state: 'S', threads: 1, cpu: 0, cpuTimeMs: 0, residentBytes: 10e6, memory: 0.01, readRate: 0, writeRate: 0, ...parts,
  }
}

/** A table of processes that were just looked at. */
export function tableOf(...rows: readonly Process[]): ProcessTable {
  return { at: AT, total: rows.length, rows }
}
