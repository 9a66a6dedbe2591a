import { describe, expect, it } from 'vitest'
import { cpuBetween, parseChildrenCpu } from '../../../src/sources/timed/children-cpu.ts'

const STAT = (name: string, user: number | string, system: number | string): string => `4711 (${name}) S 1 4711 4711 0 -1 4194560 9000 88000 0 3 120 30 ${user} ${system} 20 0 11 0 9999 1000000 1200`

describe('the processor time of children', () => {
  it('is told in hundredths of a second', () => {
    expect(parseChildrenCpu(STAT('node', 47, 8))).toEqual({ userMs: 470, systemMs: 80 })
  })

  it('is found behind any name of a program', () => {
    expect(parseChildrenCpu(STAT('a) S 1 (b', 5, 6))).toEqual({ userMs: 50, systemMs: 60 })
  })

  it.each(['', '4711 (node) S 1', STAT('node', 'x', 1)])('is not known from %j', (text) => {
    expect(parseChildrenCpu(text)).toBeNull()
  })

  it('of a run is what was added, and not known where a look failed', () => {
    expect(cpuBetween({ userMs: 470, systemMs: 80 }, { userMs: 530, systemMs: 90 })).toEqual({ userMs: 60, systemMs: 10 })
    expect(cpuBetween(null, { userMs: 530, systemMs: 90 })).toBeNull()
  })
})
