import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const draw = (ansi: string): string => spawnSync(process.execPath, [join(import.meta.dirname, '../../bench/picture.mjs'), '--title', 'a < b'], { input: ansi, encoding: 'utf8' }).stdout

test('a picture has every character at its cell, in its colour, and markup is escaped', () => {
  const svg = draw('ab\x1b[1;31m<\x1b[0m\n\x1b[38;5;196mx\x1b[38;2;1;2;3my\x1b[m')
  expect(svg).toContain('aria-label="a &lt; b"')
  expect(svg).toContain('<tspan x="0">a</tspan><tspan x="9">b</tspan>')
  expect(svg).toContain('<text y="15" class="b" fill="#f0717b"><tspan x="18">&lt;</tspan></text>')
  expect(svg).toContain('<text y="35" fill="#ff0000"><tspan x="0">x</tspan></text>')
  expect(svg).toContain('<text y="35" fill="#010203"><tspan x="9">y</tspan></text>')
})

test('blocks and lines are shapes, a wide character takes two cells, and what is no colour is left out', () => {
  const svg = draw('█─\x1b[2K持x\x1b]8;;http://a\x07y')
  expect(svg).toContain('<path fill="#d5d9e0" d="M0 0h9v20h-9z')
  expect(svg).toContain('<tspan x="18">持</tspan><tspan x="36">x</tspan><tspan x="45">y</tspan>')
})
