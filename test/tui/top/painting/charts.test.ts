import { describe, expect, it } from 'vitest'
import { paintArea } from '../../../../src/tui/top/painting/area-chart.ts'
import { paintBar } from '../../../../src/tui/top/painting/bar.ts'
import { curve, denseCurve } from '../../../../src/tui/top/painting/curve.ts'
import { glyphsOf } from '../../../../src/tui/top/painting/glyphs.ts'
import { gridOf } from '../grid.ts'

const UNICODE = glyphsOf({ unicode: true })
const ASCII = glyphsOf({ unicode: false })

describe('charts', () => {
  it('stand on the axis, in eighths of a cell, the newest at the right', () => {
    const grid = gridOf(6, 2)
    paintArea(grid, [0, 0.25, 0.5, 0.75, 1], 1)
    expect(grid.lines()).toEqual(['    ▄█', ' ▁▄███'])
    expect(grid.tones.map((row) => row[5])).toEqual(['middle', 'low'])
  })

  it('leave a gap where nothing is known, in areas and in curves', () => {
    const grid = gridOf(3, 1)
    paintArea(grid, [1, Number.NaN, 1], 1)
    expect(grid.lines()).toEqual(['█ █'])
    expect(curve([0.5, Number.NaN, 1, 0], 6, 1, UNICODE)).toBe('  ▄ █▁')
    expect(curve([0.5, 1, 0], 3, 1, ASCII)).toBe(':#.')
  })

  it('show more values than cells by the greater of two', () => {
    expect(denseCurve([0, 1, 0.5, 0, Number.NaN, 0.2], 4, 1, UNICODE)).toBe(' █▄▂')
  })

  it('show what is more than nothing in a bar, and no more than all', () => {
    const bars = [0, 0.01, 0.5, 1, 7, Number.NaN].map((share) => {
      const grid = gridOf(10, 1)
      paintBar(grid, 0, 0, 10, share)
      return grid.lines()[0]
    })
    expect(bars).toEqual(['░░░░░░░░░░', '█░░░░░░░░░', '█████░░░░░', '██████████', '██████████', '░░░░░░░░░░'])
  })
})
