import { describe, expect, test } from 'vitest'
import { colorDepth } from '../../../src/tui/top/color-depth.ts'
import { createPalette, partsOf, rgbOf256 } from '../../../src/tui/top/palette.ts'
import { TONES } from '../../../src/tui/top/tone.ts'

describe('the depth of colour', () => {
  test.each([
    [{ TERM: 'xterm-256color', COLORTERM: 'truecolor' }, 'true'],
    [{ TERM: 'xterm-256color' }, '256'],
    [{ TERM: 'xterm-kitty' }, 'true'],
    [{ TERM: 'xterm' }, '8'],
    [{ TERM: 'linux' }, '8'],
    [{ TERM: 'linux', NO_COLOR: '1' }, 'attributes'],
    [{ TERM: 'screen', COLORTERM: 'truecolor' }, '8'],
    [{ TERM: 'screen.xterm-256color', COLORTERM: 'truecolor' }, '256'],
    [{ TERM: 'screen-256color', TMUX: '/tmp/tmux-0/default,1,0', COLORTERM: 'truecolor' }, 'true'],
    [{ TERM: 'tmux-256color' }, '256'],
    [{ TERM: 'vt220' }, 'attributes'],
    [{ TERM: 'dumb', COLORTERM: 'truecolor' }, 'none'],
    [{}, 'none'],
    [{ TERM: 'xterm-256color', NO_COLOR: '' }, '256'],
    [{ TERM: 'xterm-256color', NO_COLOR: '1', FORCE_COLOR: '3' }, 'attributes'],
    [{ TERM: 'xterm', FORCE_COLOR: '0' }, 'attributes'],
    [{ TERM: 'xterm', FORCE_COLOR: '2' }, '256'],
    [{ TERM: 'xterm', FORCE_COLOR: '3' }, 'true'],
    [{ TERM: 'vt100', FORCE_COLOR: 'yes' }, '8'],
  ] as const)('of %j is %s', (env, depth) => expect(colorDepth(env)).toBe(depth))

  test('is bold and reverse with --no-color, and full on Windows, which names no terminal', () => {
    expect(colorDepth({ TERM: 'xterm-256color' }, { color: false })).toBe('attributes')
    expect(colorDepth({}, { platform: 'win32' })).toBe('true')
  })
})

describe('the palette', () => {
  const channel = (value: number): number => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4)
  const luminance = ([red, green, blue]: readonly [number, number, number]): number => 0.2126 * channel(red) + 0.7152 * channel(green) + 0.0722 * channel(blue)
  const contrast = (a: number, b: number): number => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)

  test.each(['true', '256'] as const)('of %s colours can be read on black and on white', (depth) => {
    for (const { sgr } of createPalette(depth).styles) {
      const [, direct, indexed] = /38;2;([\d;]+)$|38;5;(\d+)$/.exec(sgr) ?? []
      if (direct === undefined && indexed === undefined) continue
      const [red = 0, green = 0, blue = 0] = (direct ?? '').split(';').map(Number)
      const light = luminance(direct === undefined ? rgbOf256(Number(indexed)) : [red, green, blue])
      expect(contrast(light, 0), sgr).toBeGreaterThanOrEqual(3)
      expect(contrast(light, 1), sgr).toBeGreaterThanOrEqual(3)
    }
  })

  test('has no colour without colour but still sets apart what is selected, and nothing at all on a terminal that can do nothing', () => {
    const of = (depth: 'attributes' | 'none', tone: (typeof TONES)[number]): string | undefined => {
      const palette = createPalette(depth)
      return palette.styles[palette.styleOf[TONES.indexOf(tone)] ?? 0]?.sgr
    }
    expect(of('attributes', 'selected')).toBe('7')
    expect(of('attributes', 'fail')).toBe('1;7')
    expect(createPalette('attributes').styles.map(({ sgr }) => sgr).join(' ')).not.toMatch(/[349]\d/)
    expect(TONES.map((tone) => of('none', tone)).join('')).toBe('')
  })

  test('splits 24 bits', () => expect(partsOf(0x123456)).toEqual([0x12, 0x34, 0x56]))
})
