/** What a piece of text means to its reader; the terminal's own palette decides how that looks. */
export type Tone = 'title' | 'label' | 'curve' | 'done' | 'rest' | 'ok' | 'warn' | 'fail'

/** SGR codes (ECMA-48, 8.3.117) of the 16 colours every terminal has. */
const CODES: Readonly<Record<Tone, string>> = {
  title: '1',
  label: '2',
  curve: '36',
  done: '36',
  rest: '2',
  ok: '32',
  warn: '33',
  fail: '1;31',
}

/** Text in the colour of its meaning; unchanged without colour, a tone or anything to see. */
export function paintTone(text: string, tone: Tone | undefined, color: boolean): string {
  return color && tone && text.trim() !== '' ? `\x1b[${CODES[tone]}m${text}\x1b[0m` : text
}
