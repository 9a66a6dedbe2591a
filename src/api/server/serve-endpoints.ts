import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { ENDPOINTS, type EndpointName } from '../../contract/endpoints.ts'
import { ApiError } from '../../contract/error-code.ts'
import { seesAll, type Asker } from '../../contract/instance.ts'
import { readQuestion } from '../../contract/read-question.ts'
import type { Resident } from '../../contract/resident.ts'
import { enveloped, flat } from './answer-text.ts'
import { sendExposition } from './exposition.ts'
import { routerPath, servedEndpoint } from './route-rule.ts'
import { callerOf } from './visit.ts'

/** What answers questions. */
export interface Answering {
  readonly resident: Resident
  readonly world: { readonly wallTime: () => Date }
  /** Longest time for an answer, milliseconds. */
  readonly answerMs: number
}

/** Puts every question of the contract on its paths. */
export function serveEndpoints(app: FastifyInstance, answering: Answering): void {
  for (const name of Object.keys(ENDPOINTS) as EndpointName[]) // The names of the table are its keys.
    for (const path of ENDPOINTS[name].paths) {
      app.route({
        method: ENDPOINTS[name].method, url: routerPath(path), config: { served: servedEndpoint(name, path) },
        handler: (request, reply) => answer(name, request, reply, answering),
      })
    }
}

async function answer<E extends EndpointName>(name: E, request: FastifyRequest, reply: FastifyReply, { resident, world, answerMs }: Answering): Promise<FastifyReply> {
  const caller = callerOf(request)
  const question = readQuestion(name, { query: request.query, params: request.params, body: request.body ?? null })
  const other = await answerOtherwise(name, question, request, reply, resident)
  if (other) return other
  const patienceMs = Math.max(answerMs, patienceAsked(question.query))
  const told = await within(patienceMs, reply, (signal) => resident.ask(name, question, { caller, signal }))
  const endpoint = ENDPOINTS[name]
  const text = endpoint.envelope === 'flat' ? flat(told, world.wallTime()) : enveloped(told)
  return reply.code('status' in endpoint ? endpoint.status : 200).type('application/json; charset=utf-8').send(text)
}

/** Answers that are no JSON, where one was asked for. */
async function answerOtherwise(name: EndpointName, { query, params }: { readonly query: unknown; readonly params: unknown }, request: FastifyRequest, reply: FastifyReply, resident: Resident): Promise<FastifyReply | null> {
  const { format = 'json', detailed = false } = query as { readonly format?: string; readonly detailed?: boolean } // Read by its schema; most questions have neither.
  if (format === 'prometheus') {
    if (!seesAll(callerOf(request))) throw new ApiError('FORBIDDEN', 'format=prometheus tells of everything, and is for administrators; /metrics is for the role scrape too')
    return sendExposition(request, reply, resident)
  }
  if (name !== 'loadTestResults' || (format !== 'html' && format !== 'pdf')) return null
  const { testId } = params as { readonly testId: string } // Read by the schema of this question.
  const { type, body } = await resident.loadTestDocument(testId, format, detailed)
  // A page made of what others wrote runs nothing, loads nothing and stands alone.
  void reply.header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox")
  return reply.type(type).header('content-disposition', `${format === 'pdf' ? 'attachment' : 'inline'}; filename="load-test-${testId}.${format}"`).send(typeof body === 'string' ? body : Buffer.from(body))
}

const SPARE_MS = 10_000
const BUSY_WAIT_SECONDS = 30

/** How long whoever asks is willing to wait, and a little more to say how it went; milliseconds. */
function patienceAsked(query: unknown): number {
  const { timeout } = query as { readonly timeout?: unknown } // Read by its schema; one question has it.
  return typeof timeout === 'number' ? timeout * 1_000 + SPARE_MS : 0
}

/** Asks until the time is over, or until nobody waits for the answer any more. */
async function within<T>(ms: number, reply: FastifyReply, ask: (signal: Asker['signal']) => Promise<T>): Promise<T> {
  const gone = new AbortController()
  const leave = (): void => gone.abort()
  reply.raw.once('close', leave)
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, refuse) => {
    timer = setTimeout(() => {
      refuse(new ApiError('PERFORMANCE_DEGRADED', `there was no answer within ${Math.round(ms / 1_000)} s`, { details: { retryAfter: BUSY_WAIT_SECONDS } }))
      gone.abort()
    }, ms)
  })
  try {
    return await Promise.race([ask(gone.signal), late])
  } finally {
    clearTimeout(timer)
    reply.raw.off('close', leave)
  }
}
