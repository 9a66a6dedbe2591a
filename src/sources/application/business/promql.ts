import * as z from 'zod/mini'
import type { SecretText } from '../../../health-schema/parts.ts'
import { sendHttp, type HttpAnswer } from '../../../services/http.ts'
import { readSecret } from '../../../services/secret.ts'
import type { SourceWorld } from '../source-world.ts'
import { notOneSeries, notPrometheus, promqlRefused, urlWithPassword } from './errors.ts'
import type { Question } from './question.ts'

const value = z.tuple([z.number(), z.string()])
const answerSchema = z.discriminatedUnion('status', [
  z.object({ status: z.literal('success'), data: z.discriminatedUnion('resultType', [
    z.object({ resultType: z.literal('scalar'), result: value }),
    z.object({ resultType: z.literal('vector'), result: z.array(z.object({ value: z.optional(value) })) }),
    z.object({ resultType: z.enum(['matrix', 'string']) }),
  ]) }),
  z.object({ status: z.literal('error'), error: z.optional(z.string()) }),
])

const MOST_BYTES = 1_000_000
/** How Prometheus writes what is no finite number. */
const WORDS: Readonly<Record<string, number>> = { NaN: Number.NaN, '+Inf': Number.POSITIVE_INFINITY, '-Inf': Number.NEGATIVE_INFINITY }

/** A question to a server with Prometheus' API (prometheus.io/docs/prometheus/latest/querying/api): a scalar, or a vector of one series. NaN is nothing. Throws UserError `INVALID_VALUE`. */
export function promqlQuestion(key: string, { promql, url, token }: { readonly promql: string; readonly url: string; readonly token?: SecretText | undefined }, world: SourceWorld, timeoutMs: number): Question {
  const asked = new URL(url)
  if (asked.username !== '' || asked.password !== '') throw urlWithPassword(key)
  asked.pathname = `${asked.pathname.replace(/\/(api\/v1(\/query)?\/?)?$/, '')}/api/v1/query`
  asked.searchParams.set('query', promql)
  asked.hash = ''
  return {
    async ask(signal) {
      const secret = await readSecret(token, world)
      const answer = await sendHttp({ url: asked, method: 'GET', headers: { accept: 'application/json', ...(secret === undefined ? {} : { authorization: `Bearer ${secret}` }) }, maxBodyBytes: MOST_BYTES, signal, timeoutMs })
      return numberIn(answer, asked.host)
    },
    close: async () => undefined,
  }
}

function numberIn({ status, body }: HttpAnswer, host: string): number {
  const answer = read(body)
  if (answer === null || status >= 300 && answer.status !== 'error') throw notPrometheus(host, status)
  if (answer.status === 'error') throw promqlRefused(host, answer.error ?? `status ${status}`)
  if (answer.data.resultType === 'scalar') return told(answer.data.result[1])
  if (answer.data.resultType !== 'vector') throw notOneSeries(`a ${answer.data.resultType}`)
  const [only, ...more] = answer.data.result
  if (only?.value === undefined || more.length > 0) throw notOneSeries(only === undefined ? 'no series' : more.length > 0 ? `${answer.data.result.length} series` : 'a histogram')
  return told(only.value[1])
}

function told(text: string): number {
  return Object.hasOwn(WORDS, text) ? (WORDS[text] ?? Number.NaN) : Number(text)
}

function read(body: string): z.infer<typeof answerSchema> | null {
  try {
    return answerSchema.parse(JSON.parse(body))
  } catch {
    return null
  }
}
