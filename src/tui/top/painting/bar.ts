import type { Surface } from '../surface.ts'
import { toneOfShare, type Tone } from '../tone.ts'
import { glyphsOf } from './glyphs.ts'

const RUNS = new Map<string, string[]>()

/** A character over and over; the same string each time, as pictures ask for the same lengths. */
export function run(character: string, length: number): string {
  if (length <= 0) return ''
  let known = RUNS.get(character)
  if (!known) RUNS.set(character, (known = []))
  return (known[length] ??= character.repeat(length))
}

/** A share as a bar of `width` cells; something that is more than nothing has at least one. */
export function paintBar(surface: Surface, x: number, y: number, width: number, share: number, tone: Tone = toneOfShare(share)): void {
  const glyphs = glyphsOf(surface)
  const known = Number.isNaN(share) ? 0 : Math.min(1, Math.max(0, share))
  const done = known > 0 ? Math.max(known >= 0.005 ? 1 : 0, Math.round(known * width)) : 0
  surface.put(x, y, run(glyphs.full, Math.min(width, done)), tone)
  surface.put(x + done, y, run(glyphs.empty, width - done), 'rest')
}
