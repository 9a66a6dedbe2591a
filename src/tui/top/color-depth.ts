/** How a terminal can set text apart: 24 bits of colour, xterm's 256, the eight of ECMA-48, bold and reverse alone, or nothing. */
export type ColorDepth = 'true' | '256' | '8' | 'attributes' | 'none'

/** Terminals that show 24 bits and do not always say so. */
const TRUE_COLOR = /-direct$|^(xterm-kitty|xterm-ghostty|alacritty|foot|wezterm|contour)/
const NO_COLOR_AT_ALL = /^(vt\d|xterm-mono|.*-m$)/

/** `FORCE_COLOR` as the packages of this world read it; a word that is no number is a yes. */
const FORCED: Readonly<Record<string, ColorDepth>> = { 0: 'attributes', false: 'attributes', 1: '8', true: '8', 2: '256', 3: 'true' }

/**
 * The depth of colour for an environment: `--no-color` and NO_COLOR (https://no-color.org) leave bold and reverse, FORCE_COLOR=0..3 comes next,
 * then COLORTERM and TERM. GNU screen passes COLORTERM on but takes 24-bit colours for attributes, so it never gets them.
 */
export function colorDepth(env: Readonly<Record<string, string | undefined>>, options: { readonly color?: boolean | undefined; readonly platform?: string } = {}): ColorDepth {
  const { NO_COLOR, FORCE_COLOR, COLORTERM, TMUX, TERM = options.platform === 'win32' ? 'xterm-direct' : '' } = env
  if (TERM === 'dumb' || TERM === '') return 'none'
  if (options.color === false || (NO_COLOR ?? '') !== '') return 'attributes'
  if ((FORCE_COLOR ?? '') !== '') return FORCED[FORCE_COLOR ?? ''] ?? '8'
  const isScreen = TERM.startsWith('screen') && (TMUX ?? '') === ''
  if (!isScreen && (COLORTERM === 'truecolor' || COLORTERM === '24bit' || TRUE_COLOR.test(TERM))) return 'true'
  if (TERM.includes('256color')) return '256'
  return NO_COLOR_AT_ALL.test(TERM) ? 'attributes' : '8'
}
