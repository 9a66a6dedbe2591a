import type { ColorDepth } from './color-depth.ts'
import { TONES, type Tone } from './tone.ts'

/** How a terminal is told to show something. */
export interface Style {
  /** Parameters of SGR (ECMA-48, 8.3.117); empty for plain text. */
  readonly sgr: string
  /** A space shows it, so it is no blank. */
  readonly paintsBlanks: boolean
  /** It sets a colour of the foreground and nothing else. */
  readonly onlyColor: boolean
}

/** What each tone looks like; tones that look the same are one style, so that nothing is sent between them. */
export interface Palette {
  /** Style 0 is plain. */
  readonly styles: readonly Style[]
  /** Index into `styles` by index into `TONES`. */
  readonly styleOf: Uint8Array
}

interface Look {
  /** 24 bits. Every one can be read on black and on white: a contrast of 3 at least (WCAG 2.2, 1.4.11) with both. */
  readonly rgb?: number
  /** One of the eight colours every colour terminal has, 0 to 7. */
  readonly color?: number
  /** SGR attributes beside the colour. */
  readonly with?: string
  /** Instead of the colour where there are only eight, and where there are none. */
  readonly eight?: string
  readonly mono?: string
}

const LOOKS: Readonly<Record<Tone, Look>> = {
  plain: {},
  strong: { with: '1' },
  label: { rgb: 0x7f8891, eight: '2', mono: '2' },
  faint: { rgb: 0x80868c, eight: '2', mono: '2' },
  border: { rgb: 0x747f8c, eight: '2', mono: '2' },
  title: { with: '1' },
  key: { rgb: 0x0e8fa8, color: 6, with: '1' },
  selected: { with: '7' },
  cursor: { with: '1;7' },
  ok: { rgb: 0x2f9440, color: 2 },
  warn: { rgb: 0xb07d10, color: 3, mono: '1' },
  fail: { rgb: 0xe0444a, color: 1, with: '1', mono: '1;7' },
  accent: { rgb: 0x0e8fa8, color: 6 },
  low: { rgb: 0x2f9440, color: 2 },
  middle: { rgb: 0xb07d10, color: 3 },
  high: { rgb: 0xe0444a, color: 1, mono: '1' },
  user: { rgb: 0x2f9440, color: 2 },
  system: { rgb: 0xd05a3a, color: 1 },
  iowait: { rgb: 0xb07d10, color: 3 },
  steal: { rgb: 0xb060c8, color: 5 },
  memory: { rgb: 0x3f85e0, color: 4 },
  read: { rgb: 0x3f85e0, color: 4 },
  write: { rgb: 0xb060c8, color: 5 },
  receive: { rgb: 0x2f9440, color: 2 },
  send: { rgb: 0x0e8fa8, color: 6 },
  rest: { rgb: 0x6f7a85, eight: '2', mono: '2' },
}

/** The palette of a depth of colour. */
export function createPalette(depth: ColorDepth): Palette {
  const styles: Style[] = [{ sgr: '', paintsBlanks: false, onlyColor: false }]
  const styleOf = Uint8Array.from(TONES, (tone) => {
    const style = styleAt(depth, LOOKS[tone])
    const known = styles.findIndex(({ sgr }) => sgr === style.sgr)
    return known >= 0 ? known : styles.push(style) - 1
  })
  return { styles, styleOf }
}

function styleAt(depth: ColorDepth, look: Look): Style {
  const color = colorAt(depth, look)
  const others = (depth === 'none' ? '' : depth === 'attributes' ? (look.mono ?? look.with) : depth === '8' ? (look.eight ?? look.with) : look.with) ?? ''
  const sgr = [others, color].filter(Boolean).join(';')
  return { sgr, paintsBlanks: others.split(';').includes('7'), onlyColor: color !== '' && others === '' }
}

function colorAt(depth: ColorDepth, { rgb, color }: Look): string {
  if (depth === '8') return color === undefined ? '' : `3${color}`
  if (rgb === undefined || depth === 'none' || depth === 'attributes') return ''
  const [red, green, blue] = partsOf(rgb)
  return depth === 'true' ? `38;2;${red};${green};${blue}` : `38;5;${nearest256(red, green, blue)}`
}

/** Red, green and blue of 24 bits, 0 to 255. */
export function partsOf(rgb: number): readonly [number, number, number] {
  return [rgb >> 16, (rgb >> 8) & 255, rgb & 255]
}

/** Values of the cube's six steps in xterm's 256 colours; after it come 24 greys. */
const STEPS = [0, 95, 135, 175, 215, 255] as const

/** The colour of 24 bits that one of xterm's 256 (16 to 255) stands for. */
export function rgbOf256(index: number): readonly [number, number, number] {
  const cube = index - 16
  const step = (at: number): number => STEPS[at % 6] ?? 0
  if (index < 232) return [step(Math.floor(cube / 36)), step(Math.floor(cube / 6)), step(cube)]
  const grey = 8 + (index - 232) * 10
  return [grey, grey, grey]
}

function nearest256(red: number, green: number, blue: number): number {
  let best = 16
  let least = Number.POSITIVE_INFINITY
  for (let index = 16; index < 256; index++) {
    const [r, g, b] = rgbOf256(index)
    const distance = (r - red) ** 2 + (g - green) ** 2 + (b - blue) ** 2
    if (distance < least) [best, least] = [index, distance]
  }
  return best
}

const INDEX = new Map(TONES.map((tone, index) => [tone, index]))

/** Where a tone is in `TONES`. */
export function toneIndex(tone: Tone): number {
  return INDEX.get(tone) ?? 0
}
