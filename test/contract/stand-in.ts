import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { ENDPOINTS, type EndpointName } from '../../src/contract/endpoints.ts'
import { ApiError, ERROR_CODES } from '../../src/contract/error-code.ts'
import { readQuestion } from '../../src/contract/read-question.ts'
import { ANSWERS, METAS } from './documented.ts'

/** A question as it arrived. */
export interface Arrived {
  readonly endpoint: EndpointName
  readonly method: string
  readonly query: Readonly<Record<string, string>>
  readonly body: unknown
}

export interface StandIn {
  readonly url: string
  readonly arrived: Arrived[]
  close(): Promise<void>
}

type Reply = (response: ServerResponse, arrived: Arrived, nth: number) => void

/** Tokens of the roles. */
export const TOKENS = { admin: 'the-token-of-an-admin', user: 'the-token-of-a-user' } as const

/** A server that answers every question of the contract with what is documented, checks questions and roles, and does with some what the test says. `streams` plays the event streams by path. */
export async function startStandIn({ replies = {}, streams = {}, prefix = '' }: { readonly replies?: Partial<Record<EndpointName, Reply>>; readonly streams?: Readonly<Record<string, (response: ServerResponse, request: IncomingMessage) => void>>; readonly prefix?: string } = {}): Promise<StandIn> {
  const arrived: Arrived[] = []
  const server = createServer((request, response) => {
    response.on('error', () => undefined)
    let text = ''
    request.setEncoding('utf8').on('data', (more: string) => (text += more)).on('end', () => {
      try {
        answer(request, response, text)
      } catch (error) {
        const { code, message, statusCode, details } = error instanceof ApiError ? error : new ApiError('INTERNAL_ERROR', String(error))
        send(response, { success: false, error: { code, message, statusCode, details } }, statusCode)
      }
    })
  })

  function answer(request: IncomingMessage, response: ServerResponse, text: string): void {
    const url = new URL(request.url ?? '/', 'http://stand-in')
    const path = url.pathname.startsWith(prefix) ? url.pathname.slice(prefix.length) : '/nowhere'
    const role = request.headers.authorization === `Bearer ${TOKENS.admin}` ? 'admin' : request.headers.authorization === `Bearer ${TOKENS.user}` ? 'user' : null
    if (role === null) throw new ApiError('UNAUTHORIZED', 'no token that is known')
    const stream = Object.entries(streams).find(([end]) => path.endsWith(end))?.[1]
    if (stream) {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.flushHeaders()
      return stream(response, request)
    }
    for (const [name, endpoint] of Object.entries(ENDPOINTS) as [EndpointName, (typeof ENDPOINTS)[EndpointName]][])
      for (const place of endpoint.paths) {
        const params = new RegExp(`^${place.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`).exec(path)
        if (!params || endpoint.method !== request.method) continue
        if (endpoint.role === 'admin' && role !== 'admin') throw new ApiError('FORBIDDEN', 'for administrators')
        const query = Object.fromEntries(url.searchParams)
        const body: unknown = text === '' ? null : JSON.parse(text)
        arrived.push({ endpoint: name, method: endpoint.method, query, body })
        readQuestion(name, { query, params: { ...params.groups }, body })
        if (params.groups && Object.values(params.groups).some((id) => id.includes('nobody'))) throw new ApiError('NOT_FOUND', 'there is nothing of that name')
        const reply = replies[name] ?? ((to: ServerResponse) => send(to, envelope(name, name === 'metrics' ? metricsFor(role, query['metrics']) : ANSWERS[name]), 'status' in endpoint ? endpoint.status : 200))
        return reply(response, arrived.at(-1)!, arrived.filter((each) => each.endpoint === name).length)
      }
    throw new ApiError('NOT_FOUND', 'Endpoint not found')
  }

  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  // The system chose the port.
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${prefix}`, arrived,
    close: () => {
      server.closeAllConnections()
      return new Promise<void>((done) => server.close(() => done()))
    },
  }
}

/** An answer in the envelope of its endpoint. */
export function envelope(name: EndpointName, data: object): object {
  return ENDPOINTS[name].envelope === 'flat' ? { success: true, ...data, timestamp: new Date().toISOString() } : { success: true, data, ...(METAS[name] ? { meta: METAS[name] } : {}), alerts: [{ level: 'warning', message: 'memory is filling up', metric: 'memory' }] }
}

export function send(response: ServerResponse, body: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
}

/** Answers with a documented error. */
export const failing = (code: keyof typeof ERROR_CODES, message: string, details: object = {}, headers: Readonly<Record<string, string>> = {}): Reply => (response) => send(response, { success: false, error: { code, message, statusCode: ERROR_CODES[code].status, details } }, ERROR_CODES[code].status, headers)

/** The parts that were asked for; details of the system are for administrators. */
function metricsFor(role: 'admin' | 'user', parts: string | undefined): object {
  const { system, metrics, ...rest } = ANSWERS.metrics as { system: object; metrics: object } // As it is written there.
  const asked = Object.fromEntries(Object.entries(metrics).filter(([part]) => parts?.split(',').includes(part) ?? true))
  return { ...rest, system: role === 'admin' ? system : { uptime: 3_600 }, metrics: asked }
}
