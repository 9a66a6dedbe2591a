import { plain } from '../../model/text.ts'

const SECRET_NAMES = /token|secret|passw|passphrase|auth|api-?_?key|^key$|sig|session|jwt|credential|code/i
/** Tokens of ours, JSON Web Tokens, and what stands after Bearer or Basic. */
const SECRET_TEXTS = /mnp_[\w-]+|eyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?|\b(bearer|basic) +[^\s"']+/gi
const HIDDEN = '[redacted]'

/** A text for a log, with whatever looks like a token taken out. */
export function redact(text: string, limit = 2_000): string {
  return plain(text.replace(SECRET_TEXTS, HIDDEN), limit)
}

/** A request's target for a log: values of a query that may be secret are not told. */
export function redactTarget(target: string): string {
  const at = target.indexOf('?')
  if (at < 0) return redact(target, 300)
  const query = target.slice(at + 1).split('&').map((pair) => {
    const [name = ''] = pair.split('=')
    return SECRET_NAMES.test(decoded(name)) ? `${name}=${HIDDEN}` : pair
  })
  return redact(`${target.slice(0, at)}?${query.join('&')}`, 300)
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
