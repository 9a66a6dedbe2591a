import { describe, expect, it } from 'vitest'
import { paintProcesses, processRows, processTop } from '../../../src/tui/top/panes/processes.ts'
import { COLUMNS, columnsFor } from '../../../src/tui/top/panes/process-columns.ts'
import { fakeMoment, fakeScreen } from './fake-moment.ts'
import { gridOf } from './grid.ts'

const PLACE = { x: 0, y: 20, width: 80, height: 10 }

describe('the process table', () => {
  it('says how many processes it shows, and where the first is', () => {
    expect([processRows(PLACE), processTop(PLACE)]).toEqual([7, 22])
    expect([processRows({ width: 40, height: 4 }), processTop({ ...PLACE, height: 4 })]).toEqual([3, 21])
  })

  it('is full when it was scrolled beyond its end', () => {
    const grid = gridOf(80, 10)
    const screen = fakeScreen({ processes: 40 }, { view: { offset: 1_000 } })
    paintProcesses(grid, screen, fakeMoment())
    expect(grid.lines()[2]).toContain('worker --number 33')
    expect(grid.lines()[9]).toContain('34-40 of 40')
  })

  it('drops the least wanted columns first as it gets narrower', () => {
    const heads = (width: number): string => columnsFor(width, () => true).map(({ head }) => head.trim()).join(' ')
    expect(heads(117)).toBe(COLUMNS.map(({ head }) => head.trim()).join(' '))
    expect(heads(76)).toBe('PID USER CPU% CPU trend MEM% RES S')
    expect(heads(36)).toBe('PID CPU% MEM%')
    expect(heads(10)).toBe('PID CPU%')
  })
})
