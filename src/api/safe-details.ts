import { plain } from '../model/text.ts'
import { type Body, isBody } from './body.ts'

/** What is allowed of an answer that is kept as it is: a component's details. */
const MOST = { values: 200, keys: 50, depth: 5, text: 300 } as const
const SECRET_KEY = /passw|secret|token|api_?-?key|authorization|cookie|credential/i
/** A name and password, or a password alone, within an address. */
const USER_INFO = /\/\/[^\s/@]*:[^\s@]*@/g

/** Text from outside that may be shown: what looks like a password in an address is gone, and so is what `hide` hides. */
export function safeText(value: unknown, hide: (text: string) => string, limit: number = MOST.text): string {
  return typeof value === 'string' ? plain(hide(value).slice(0, 4 * limit).replace(USER_INFO, '//***@'), limit) : ''
}

/** A copy of JSON that may be shown and kept: bounded in size and depth, made plain, without what is called a secret. */
export function safeDetails(value: unknown, hide: (text: string) => string): Body {
  let left: number = MOST.values
  const copy = (part: unknown, depth: number): unknown => {
    if (left-- <= 0) return undefined
    if (typeof part === 'string') return safeText(part, hide)
    if (typeof part !== 'object' || part === null) return part
    if (depth === MOST.depth) return '…'
    if (Array.isArray(part)) return part.slice(0, MOST.keys).map((each) => copy(each, depth + 1)).filter((each) => each !== undefined)
    const entries = Object.entries(part).slice(0, MOST.keys).flatMap(([key, each]) => {
      const copied = SECRET_KEY.test(key) && (typeof each === 'string' || typeof each === 'number') ? '***' : copy(each, depth + 1)
      return copied === undefined ? [] : [[safeText(key, hide, 80), copied] as const]
    })
    // fromEntries makes a field even of `__proto__`.
    return Object.fromEntries(entries)
  }
  const whole = copy(value, 0)
  return isBody(whole) ? whole : whole === undefined || whole === null ? {} : { value: whole }
}
