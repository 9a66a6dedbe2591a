import { plain } from '../../model/text.ts'

const SECRET_NAMES = /token|secret|passw|passphrase|auth|api-?_?key|^key$|sig|session|jwt|credential|code/i
/** Tokens of ours, JSON Web Tokens, and what stands after Bearer or Basic. */
const SECRET_TEXTS = /mnp_[\w-]+|eyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?|\b(bearer|basic) +[^\s"']+/gi
const TOKENS = /mnp_[\w-]+|eyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?/g
const HIDDEN = '[redacted]'

/** A text for a log, with whatever looks like a token taken out. */
export function redact(text: string, limit = 2_000): string {
  return plain(text.replace(SECRET_TEXTS, HIDDEN), limit)
}

/** A request's target for a log: values of a query that may be secret are not told. */
export function redactTarget(target: string): string {
  const parts = target.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#]*@/i, `$1${HIDDEN}@`).split(/([/?&#;])/)
  const shown = parts.map((part) => {
    const [name = ''] = part.split('=')
    return part.includes('=') && SECRET_NAMES.test(decoded(name)) ? `${name}=${HIDDEN}` : withoutEscapedSecrets(part)
  })
  return redact(shown.join(''), 300)
}

/** A token stays one however it is escaped; what holds none is told as it was sent. */
function withoutEscapedSecrets(part: string): string {
  const clear = decoded(part.replaceAll('+', ' '))
  const hidden = clear.replace(SECRET_TEXTS, HIDDEN)
  return hidden === clear ? part : hidden
}

/** A text for whoever asked, with tokens taken out: what is answered ends up in logs too. JSON stays JSON. */
export function withoutTokens(text: string): string {
  return text.replace(TOKENS, HIDDEN)
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
