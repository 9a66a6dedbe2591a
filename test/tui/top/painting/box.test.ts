import { describe, expect, it } from 'vitest'
import { paintBox } from '../../../../src/tui/top/painting/box.ts'
import { fit } from '../../../../src/tui/top/painting/fit.ts'
import { keepPieces, piece } from '../../../../src/tui/top/painting/pieces.ts'
import { gridOf } from '../grid.ts'

const box = (width: number): string[] => {
  const grid = gridOf(width, 3)
  paintBox(grid, { left: [piece('DISK', 'title'), piece('  2 silent', 'fail', 1)], right: [piece('d 2', 'label')], foot: [piece('1-3 of 9', 'label', 1)] })
  return grid.lines()
}

describe('a box', () => {
  it('has its titles in the border', () => {
    expect(box(30)).toEqual([
      '╭─ DISK  2 silent ───── d 2 ─╮',
      '│                            │',
      '╰───────────────── 1-3 of 9 ─╯',
    ])
  })

  it('gives up the right title first, then what may go of the left one, and its corners never', () => {
    expect([box(20)[0], box(14)[0], box(9)[0], box(5)[0]]).toEqual(['╭─ DISK  2 silent ─╮', '╭─ DISK ─────╮', '╭─ DI… ─╮', '╭───╮'])
  })
})

describe('a line', () => {
  it('drops what goes together together, the least wanted first', () => {
    const pieces = [piece('util 22%'), piece('  await', 'label', 1), piece(' 3ms', 'plain', 1), piece('  iops', 'label', 2), piece(' 9', 'plain', 2)]
    expect([40, 25, 10].map((room) => keepPieces(pieces, room).map(({ text }) => text).join(''))).toEqual(['util 22%  await 3ms  iops 9', 'util 22%  await 3ms', 'util 22%'])
  })

  it('is cut by cells, not by characters', () => {
    expect([fit('動画変換', 8, '…'), fit('動画変換', 7, '…'), fit('動画変換', 6, '…'), fit('abc', 2, '…'), fit('abc', 0, '…')]).toEqual(['動画変換', '動画変…', '動画…', 'a…', ''])
    expect(fit('x'.repeat(1e6), 5, '~')).toBe('xxxx~')
  })
})
