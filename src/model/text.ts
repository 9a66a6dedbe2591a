// C0 and C1 controls, and the marks that turn the direction of text around.
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g

/** Text from outside, made safe for a terminal and one line: control characters become `�`, line breaks and tabs a space. */
export function plain(text: string, limit = 500): string {
  const line = text.replace(/[\r\n\t]+/g, ' ').replace(UNSAFE, '\ufffd')
  return line.length > limit ? `${line.slice(0, limit - 1)}…` : line
}

/** `1 request`, `2 requests`. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
