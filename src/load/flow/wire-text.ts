const CONTROL = /[\u0000-\u0008\u000a-\u001f\u007f]/
const BYTES = /^[\u0000-\u00ff]*$/
/** Every character that may stand in a request's target as it is: RFC 3986's, with `%` and brackets. */
const UNSAFE_IN_PATH = /[^!$-;=?-[\]_a-z~]+/gu
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/

/** A text as its UTF-8 bytes, one character a byte: what a request is put together from. Without this, latin1 would cut U+010A to a line feed. */
export function wireText(text: string): string {
  return Buffer.byteLength(text, 'utf8') === text.length ? text : Buffer.from(text, 'utf8').toString('latin1')
}

/** A text that came off the wire as latin1, as it goes back; what cannot have come off the wire goes as UTF-8. */
export function echoText(text: string): string {
  return BYTES.test(text) ? text : wireText(text)
}

/** Whether a text would break out of its header line, or holds another control character (RFC 9110 5.5). */
export function breaksHeader(text: string): boolean {
  return CONTROL.test(text)
}

/** Whether a text is a header's or cookie's name (RFC 9110 5.6.2). */
export function isToken(text: string): boolean {
  return TOKEN.test(text)
}

/** A request's target made of ASCII alone: what may not stand in one is percent-encoded, what is encoded stays, a fragment is cut off. */
export function wirePath(text: string): string {
  const hash = text.indexOf('#')
  const target = hash === -1 ? text : text.slice(0, hash)
  return target.replace(UNSAFE_IN_PATH, (run) => [...Buffer.from(run, 'utf8')].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''))
}

/** encodeURIComponent that takes half a surrogate pair for U+FFFD instead of throwing. */
export function encodeComponent(text: string): string {
  try {
    return encodeURIComponent(text)
  } catch {
    return encodeURIComponent(Buffer.from(text, 'utf8').toString('utf8'))
  }
}

/** A name or value of a form (WHATWG URL, application/x-www-form-urlencoded). */
export function encodeFormPart(text: string): string {
  return encodeComponent(text).replace(/[!'()~]|%20/g, (found) => (found === '%20' ? '+' : `%${found.charCodeAt(0).toString(16).toUpperCase()}`))
}
