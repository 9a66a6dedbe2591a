import { describe, expect, it } from 'vitest'
import type { Process } from '../../../src/model/process.ts'
import { othersThan } from '../../../src/sources/processes/others.ts'

function row(pid: number, parent: number, name: string, command = name): Process {
  return {
    program: { pid, name, command, user: 'root', uid: 0, container: null, isKernel: false, startedAt: 0 }, parent, state: 'S', threads: 1, cpu: 0, cpuTimeMs: 0, residentBytes: 0, memory: 0, readRate: 0, writeRate: 0,
  }
}

const left = (pid: number, ...rows: readonly Process[]): number[] => othersThan(pid, rows).map(({ program }) => program.pid)

describe('the other processes', () => {
  it('are all but this one, the shells that started it and what it started', () => {
    expect(left(
      10,
      row(1, 0, 'systemd'), row(5, 1, 'cron', '/usr/sbin/cron -f'), row(6, 5, 'cron', '/usr/sbin/CRON -f'), row(7, 6, 'sh', '/bin/sh -c flock /x medianest-perf health --check process:nginx'), row(8, 7, 'flock', 'flock /x ...'),
      row(9, 8, 'check-nginx.sh', '/bin/sh /usr/local/bin/check-nginx.sh'), row(10, 9, 'node', 'node medianest-perf'), row(11, 10, 'node', 'node statfs.worker.mjs'), row(12, 11, 'grandchild'), row(20, 1, 'sh', 'sh -c other'), row(21, 5, 'nginx'),
    )).toEqual([1, 5, 6, 20, 21])
  })

  it('are all where this one is not to be seen, or where parents lead round in a circle', () => {
    expect(left(10, row(1, 0, 'a'), row(2, 3, 'b'), row(3, 2, 'c'))).toEqual([1, 2, 3])
    expect(left(2, row(2, 3, 'sh'), row(3, 2, 'sh'))).toEqual([])
  })
})
