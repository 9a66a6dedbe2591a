import { describe, expect, it } from 'vitest'
import { processRowAt, processRows } from '../../../src/tui/top/panes/processes.ts'
import { COLUMNS, columnsFor } from '../../../src/tui/top/panes/process-columns.ts'
import { fakeScreen } from './fake-moment.ts'

const PLACE = { x: 0, y: 20, width: 80, height: 10 }

describe('the process table', () => {
  it('says which process a line of the screen shows', () => {
    const screen = fakeScreen({ processes: 40 }, { view: { offset: 10 } })
    expect(processRows(PLACE)).toBe(7)
    expect([20, 21, 22, 28, 29].map((y) => processRowAt(screen, PLACE, y))).toEqual([-1, -1, 10, 16, -1])
    expect(processRowAt(fakeScreen({ processes: 3 }), PLACE, 26)).toBe(-1)
  })

  it('never shows less than a full pane when it was scrolled beyond its end', () => {
    expect(processRowAt(fakeScreen({ processes: 40 }, { view: { offset: 1_000 } }), PLACE, 22)).toBe(33)
  })

  it('drops the least wanted columns first as it gets narrower', () => {
    const heads = (width: number): string => columnsFor(width, () => true).map(({ head }) => head.trim()).join(' ')
    expect(heads(116)).toBe(COLUMNS.map(({ head }) => head.trim()).join(' '))
    expect(heads(76)).toBe('PID USER CPU% CPU MEM% RES S')
    expect(heads(36)).toBe('PID CPU% MEM%')
    expect(heads(10)).toBe('PID CPU%')
  })
})
