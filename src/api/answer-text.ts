import type { Dispatcher } from 'undici'
import { plain } from '../model/text.ts'
import { brokenOff, tooLarge } from './errors.ts'
import { type Headers, headerOf } from './rate-limit.ts'

/** The head of an answer, and its body that is still to come. */
export interface Answer {
  readonly where: string
  readonly status: number
  readonly headers: Headers
  readonly body: Dispatcher.ResponseData['body']
}

const LARGEST_BODY = 8_000_000

/** The text of a body. Nothing is decompressed: nothing compressed was asked for, and a small body could become a huge one. Throws UserError `TOO_LARGE` or `BROKEN_OFF`. */
export async function readText({ body, headers, where }: Answer): Promise<string> {
  const limit = LARGEST_BODY
  if (Number(headerOf(headers, 'content-length')) > limit) {
    discard(body)
    throw tooLarge(where, limit)
  }
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of body as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > limit) throw tooLarge(where, limit)
    chunks.push(chunk)
  }
  if (length < Number(headerOf(headers, 'content-length') ?? 0)) throw brokenOff(where)
  return Buffer.concat(chunks).toString('utf8')
}

/** The value of JSON text; undefined where it is none. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** What came instead of JSON, in a few words. */
export function pictureOf(text: string, headers: Headers): string {
  const [type, encoding] = [headerOf(headers, 'content-type'), headerOf(headers, 'content-encoding')]
  if (encoding !== undefined && encoding !== 'identity') return `a compressed body (${plain(encoding, 20)}), which was not asked for,`
  if (text.trim() === '') return 'an empty body'
  const title = /<title[^>]*>([^<]{1,200})/i.exec(text.slice(0, 20_000))?.[1]?.trim()
  if (/^\s*<(!doctype html|html|head|body)/i.test(text)) return `a web page${title ? ` ("${plain(title, 80)}")` : ''}`
  if (/^\s*[{[]/.test(text)) return `${text.length} characters of JSON that is broken or breaks off`
  return `${type ? plain(type, 60) : 'text'} ("${plain(text, 60)}")`
}

/** Drops what is still to come, whatever state the stream is in. */
export function discard(body: Answer['body']): void {
  body.on('error', () => undefined).destroy()
}
