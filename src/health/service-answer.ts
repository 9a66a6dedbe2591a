import { plain } from '../model/text.ts'
import type { HttpAnswer } from '../services/http.ts'
import { readJson } from './expectation.ts'
import { isStatusAmong, wrongStatus } from './http-status.ts'
import { asksForPassword } from './login-page.ts'
import { targetOf } from './redirects.ts'
import type { Remark } from './remark.ts'
import { showUrl } from './web-address.ts'

/** A JSON object as a service sent it. Untrusted. */
export type ServiceObject = Readonly<Record<string, unknown>>

/** An answer as the JSON object it should be; undefined where it is something else. */
export function readObject({ body, isCut }: Pick<HttpAnswer, 'body' | 'isCut'>): ServiceObject | undefined {
  return isCut ? undefined : asObject(readJson(body))
}

/** The value itself where it is an object. */
export function asObject(value: unknown): ServiceObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as ServiceObject) : undefined
}

/** A text of an answer, made safe; undefined where it is none. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? plain(value, 100) : undefined
}

/** A number of an answer; undefined where it is none. */
export function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined
}

/** What is wrong with an answer that is not a service's own: its status, a redirect, a login page; undefined where only its content can tell. `what` begins the sentence: `its libraries: `. */
export function notAnAnswer(answer: HttpAnswer, url: URL, { what = '', credential }: { readonly what?: string; /** What opens the door: `token`. */ readonly credential: string }): Remark | undefined {
  const target = targetOf(answer, url)
  if (answer.status === 401 || answer.status === 403) return { verdict: 'fail', text: `${what}it refuses the ${credential} (${answer.status})`, recommendation: `make a new ${credential} and give it to this check` }
  if (!isStatusAmong(answer.status, ['2xx'])) {
    const remark = wrongStatus(answer, undefined, target && showUrl(target))
    return { ...remark, text: `${what}${remark.text}` }
  }
  if (asksForPassword(answer.headers['content-type'] ?? '', answer.body)) return { verdict: 'fail', text: `${what}answered with a login page`, recommendation: 'something in front of it wants people to sign in: ask for an address behind it' }
  return undefined
}

/** Says that what every such service has is not there. */
export function missing(service: string): Remark {
  return { ...strange(service), text: `answered 404 Not Found: does not look like ${service}` }
}

/** Says that another program answers here. */
export function strange(service: string): Remark {
  return { verdict: 'fail', text: `answered, but not as ${service} does`, recommendation: 'check the address and the port: another program answers there, or a proxy' }
}
