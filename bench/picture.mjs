// Turns captured terminal output into a picture of a terminal window:
//
//     node bench/picture.mjs --title "medianest-perf load" < capture.ansi > docs/images/load.svg
//     tmux capture-pane -e -p | node bench/picture.mjs --title top --columns 120 > docs/images/top.svg
//
// Reads text with SGR colours (16, 256, true), bold and dim; other escape sequences are left out, so output that moves the
// cursor is captured by tmux first. Every cell has its place in the picture and lines and blocks are drawn as shapes, so
// it looks the same whichever fonts there are.
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'

const CELL = { width: 9, height: 20, font: 15 }
const MARGIN = 18
const BAR = 38
const GROUND = '#16181d'
const INK = '#d5d9e0'
/** The 16 colours, then the cube and the greys of the 256, as xterm numbers them. */
const PALETTE = ['#3b4048', '#f0717b', '#8ccf7e', '#e5c76b', '#67b0e8', '#c47fd5', '#5fcfd0', '#c8ccd4', '#5c6370', '#ff8f98', '#a8e09b', '#f4dc8c', '#8cc8f5', '#d9a0e6', '#85e2e2', '#ffffff']
const LEVELS = [0, 95, 135, 175, 215, 255]
const WIDE = /\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]/u

function picture(ansi, title, columns) {
  const rows = read(ansi.replace(/\s+$/, ''))
  const width = Math.max(columns, ...rows.map((row) => row.length)) * CELL.width + 2 * MARGIN
  const height = rows.length * CELL.height + BAR + MARGIN
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escape(title)}">
<style>text{font:${CELL.font}px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}.b{font-weight:700}</style>
<rect width="${width}" height="${height}" rx="10" fill="${GROUND}"/>
<path d="M0 10a10 10 0 0 1 10-10h${width - 20}a10 10 0 0 1 10 10v18h${-width}z" fill="#22252c"/>
<circle cx="18" cy="14" r="5.5" fill="#f0717b"/><circle cx="36" cy="14" r="5.5" fill="#e5c76b"/><circle cx="54" cy="14" r="5.5" fill="#8ccf7e"/>
<text x="${width / 2}" y="19" text-anchor="middle" fill="#9aa1ad" style="font-size:13px">${escape(title)}</text>
<g transform="translate(${MARGIN} ${BAR})">
${rows.map(drawRow).filter(Boolean).join('\n')}
</g>
</svg>
`
}

/** Rows of cells; a wide character is followed by an empty cell. */
function read(ansi) {
  let style = {}
  return ansi.split(/\r?\n/).map((line) => {
    const row = []
    for (const [piece, codes] of line.matchAll(/\x1b\[([\d;:]*)m|\x1b\[[\d;?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b.|[^]/gu)) {
      if (codes !== undefined) style = restyle(style, codes)
      else if (piece === '\t') do row.push({ character: ' ', style }); while (row.length % 8 > 0)
      else if (piece >= ' ' && piece[0] !== '\x7f') {
        row.push({ character: piece, style })
        if (WIDE.test(piece)) row.push({ character: '', style })
      }
    }
    return row
  })
}

/** SGR (ECMA-48, 8.3.117): the style after these codes. */
function restyle(before, codes) {
  let style = before
  const numbers = codes.split(/[;:]/).map(Number)
  while (numbers.length > 0) {
    const code = numbers.shift()
    if (code === 0) style = {}
    else if (code === 1) style = { ...style, bold: true }
    else if (code === 2) style = { ...style, dim: true }
    else if (code === 7) style = { ...style, inverse: true }
    else if (code === 22) style = { ...style, bold: false, dim: false }
    else if (code === 27) style = { ...style, inverse: false }
    else if (code === 39) style = { ...style, front: undefined }
    else if (code === 49) style = { ...style, back: undefined }
    else if (code === 38 || code === 48) style = { ...style, [code === 38 ? 'front' : 'back']: extended(numbers) }
    else if ((code >= 30 && code <= 37) || (code >= 90 && code <= 97)) style = { ...style, front: PALETTE[(code % 10) + (code >= 90 ? 8 : 0)] }
    else if ((code >= 40 && code <= 47) || (code >= 100 && code <= 107)) style = { ...style, back: PALETTE[(code % 10) + (code >= 100 ? 8 : 0)] }
  }
  return style
}

function extended(numbers) {
  const rgb = (...parts) => `#${parts.map((part) => Math.min(255, part || 0).toString(16).padStart(2, '0')).join('')}`
  if (numbers.shift() === 2) return rgb(...numbers.splice(0, 3))
  const index = numbers.shift() ?? 7
  if (index < 16) return PALETTE[index]
  if (index >= 232) return rgb(...Array(3).fill(8 + (index - 232) * 10))
  return rgb(LEVELS[Math.floor((index - 16) / 36)], LEVELS[Math.floor((index - 16) / 6) % 6], LEVELS[(index - 16) % 6])
}

/** Front and back as they are seen; dim is the front half way to the ground. */
function colorsOf({ front = INK, back, dim, inverse }) {
  const [over, under] = inverse ? [back ?? GROUND, front] : [front, back]
  return { over: dim ? mix(over, GROUND, 0.45) : over, under }
}

function mix(one, other, share) {
  const part = (color, at) => Number.parseInt(color.slice(1 + 2 * at, 3 + 2 * at), 16)
  return `#${[0, 1, 2].map((at) => Math.round(part(one, at) * (1 - share) + part(other, at) * share).toString(16).padStart(2, '0')).join('')}`
}

function drawRow(row, index) {
  const top = index * CELL.height
  const shapes = new Map()
  const texts = new Map()
  const add = (fill, path) => shapes.set(fill, (shapes.get(fill) ?? '') + path)
  for (const [column, { character, style }] of row.entries()) {
    const { over, under } = colorsOf(style)
    const x = column * CELL.width
    if (under) add(under, box(x, top, CELL.width, CELL.height))
    const shape = shapeOf(character, x, top)
    if (shape) add(over, shape)
    else if (character.trim() !== '') {
      const key = `${style.bold ? ' class="b"' : ''} fill="${over}"`
      const text = texts.get(key) ?? { at: [], characters: [] }
      text.at.push(x)
      text.characters.push(character)
      texts.set(key, text)
    }
  }
  return [
    ...[...shapes].map(([fill, path]) => `<path fill="${fill}" d="${path}"/>`),
    ...[...texts].map(([key, { at, characters }]) => `<text y="${top + 15}"${key}>${spans(at, characters)}</text>`),
  ].join('\n')
}

/** Characters at their cells. One tspan per cell: not every renderer knows lists of places. */
function spans(at, characters) {
  return characters.map((character, index) => `<tspan x="${at[index]}">${escape(character)}</tspan>`).join('')
}

const box = (x, y, width, height) => `M${x} ${y}h${width}v${height}h${-width}z`

/** Arms of the box drawings: left, right, up, down; 1 is light, 2 is heavy. */
const ARMS = {
  '─': [1, 1, 0, 0], '━': [2, 2, 0, 0], '╸': [2, 0, 0, 0], '╺': [0, 2, 0, 0], '│': [0, 0, 1, 1], '┃': [0, 0, 2, 2],
  '┌': [0, 1, 0, 1], '┐': [1, 0, 0, 1], '└': [0, 1, 1, 0], '┘': [1, 0, 1, 0], '╭': [0, 1, 0, 1], '╮': [1, 0, 0, 1], '╰': [0, 1, 1, 0], '╯': [1, 0, 1, 0],
  '├': [0, 1, 1, 1], '┤': [1, 0, 1, 1], '┬': [1, 1, 0, 1], '┴': [1, 1, 1, 0], '┼': [1, 1, 1, 1], '╴': [1, 0, 0, 0], '╶': [0, 1, 0, 0],
}

/** The path of a block or line, which must touch its neighbours; undefined for everything that is text. */
function shapeOf(character, x, y) {
  const { width, height } = CELL
  const eighth = '▁▂▃▄▅▆▇█'.indexOf(character) + 1
  if (eighth > 0 && character !== '') return box(x, y + height - Math.round((eighth / 8) * height), width, Math.round((eighth / 8) * height))
  const left = '▏▎▍▌▋▊▉'.indexOf(character) + 1
  if (left > 0 && character !== '') return box(x, y + 3, Math.round((left / 8) * width), height - 5)
  const arms = ARMS[character]
  if (!arms) return undefined
  const [middleX, middleY] = [x + 4, y + 10]
  const [toLeft, toRight, up, down] = arms.map((weight) => weight && (weight === 2 ? 4 : 1.5))
  const thick = Math.max(up, down) || 0
  return [
    toLeft > 0 && box(x, middleY - toLeft / 2, 4 + thick, toLeft),
    toRight > 0 && box(middleX, middleY - toRight / 2, 5, toRight),
    up > 0 && box(middleX, y, up, 10 + (toLeft || toRight ? 0.75 : 0)),
    down > 0 && box(middleX, middleY - (toLeft || toRight ? 0.75 : 0), down, 10 + (toLeft || toRight ? 0.75 : 0)),
  ].filter(Boolean).join('')
}

function escape(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}

const { values, positionals } = parseArgs({ options: { title: { type: 'string', default: '' }, columns: { type: 'string' } }, allowPositionals: true })
process.stdout.write(picture(readFileSync(positionals[0] ?? 0, 'utf8'), values.title, Number(values.columns ?? 0)))
