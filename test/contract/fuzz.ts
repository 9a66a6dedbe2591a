import * as fc from 'fast-check'
import { request as httpRequest } from 'node:http'
import { z } from 'zod'

/** Part of an OpenAPI document, as far as it is looked at. */
interface Operation {
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly schema: Schema }[]
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> }
  readonly responses: Readonly<Record<string, Response | { readonly $ref: string }>>
}
interface Response {
  readonly content?: Readonly<Record<string, { readonly schema?: Schema }>>
}
export interface OpenApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, Schema>>; readonly responses: Readonly<Record<string, Response>> }
}
type Schema = Readonly<Record<string, unknown>>

/** What is sent. */
export interface Shot {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
}

export interface FuzzOptions {
  readonly baseUrl: string
  readonly document: OpenApiDocument
  /** Of an administrator; null where none is needed. */
  readonly token: string | null
  /** Requests of each operation. */
  readonly runs: number
  /** For one answer, milliseconds. */
  readonly deadlineMs: number
  readonly seed?: number
  /** Operations that are left alone: `POST /api/...`. */
  readonly except?: readonly string[]
}

const NASTY = ['', ' ', '\u0000', '../../etc/passwd', '%2e%2e%2f', '\'; DROP TABLE x; --', '{{constructor}}', '__proto__', 'constructor', '-1', '0', '1e309', 'NaN', '9'.repeat(40), 'x'.repeat(5_000), '💥', '\u202e', 'true', 'null', '[]', '<script>', '\r\nX-Injected: 1']
/** Answers to what is no path of the document any more once nonsense stands in it. */
const ALWAYS = [404, 405]
const LEAK = /\bat [\w.<>]+ \(|node_modules|\/src\/|\.ts:\d|\.js:\d|FST_|ECONN|\/(?:home|root|work|usr|etc|var)\//

/** Sends requests made from the document, valid, nearly valid and not at all, to an instance. Rejects with the smallest request that was answered wrongly. */
export async function fuzz({ baseUrl, document, token, runs, deadlineMs, seed, except = [] }: FuzzOptions): Promise<number> {
  let sent = 0
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      if (except.includes(`${method.toUpperCase()} ${path}`)) continue
      await fc.assert(fc.asyncProperty(shotOf(method, path, operation, document), async (shot) => {
        sent++
        await judge(shot, await send(baseUrl, shot, token, deadlineMs), operation, document)
      }), { numRuns: runs, ...(seed === undefined ? {} : { seed }), interruptAfterTimeLimit: 60_000, markInterruptAsFailure: false })
    }
  }
  return sent
}

/** A request of an operation; each part is as documented, nearly, or not at all. */
function shotOf(method: string, path: string, operation: Operation, document: OpenApiDocument): fc.Arbitrary<Shot> {
  const garbage = fc.oneof(fc.constantFrom(...NASTY), fc.string({ maxLength: 200 }))
  const query = fc.record(Object.fromEntries(operation.parameters.filter((each) => each.in === 'query').map(({ name, schema }) => [name, fc.option(fc.oneof({ weight: 3, arbitrary: textOf(schema, document) }, { weight: 1, arbitrary: garbage }), { nil: null })])))
  const params = fc.record(Object.fromEntries(operation.parameters.filter((each) => each.in === 'path').map(({ name }) => [name, fc.oneof(fc.constantFrom('test-finished', 'test-running', 'opt-1', 'nothing'), garbage)])))
  const more = fc.array(fc.tuple(garbage, garbage), { maxLength: 2 })
  const schema = operation.requestBody?.content['application/json']?.schema
  const body = schema === undefined ? fc.constant(null) : fc.oneof(
    { weight: 4, arbitrary: valueOf(schema, document).map((value) => JSON.stringify(value) ?? 'null') },
    { weight: 3, arbitrary: fc.tuple(valueOf(schema, document), fc.jsonValue({ maxDepth: 3 }), fc.nat()).map(([value, other, at]) => JSON.stringify(spoil(value, other, at)) ?? 'null') },
    { weight: 2, arbitrary: fc.oneof(fc.json({ maxDepth: 4 }), garbage, fc.constant('['.repeat(10_000))) },
  )
  const type = fc.oneof({ weight: 9, arbitrary: fc.constant('application/json') }, { weight: 1, arbitrary: fc.constantFrom('text/plain', 'application/json; charset=utf-16', ';', 'multipart/form-data') })
  return fc.tuple(query, params, more, body, type).map(([asked, named, others, text, contentType]) => {
    const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(named[name] ?? '')))
    const pairs = [...Object.entries(asked).filter(([, value]) => value !== null), ...others] as [string, string][]
    const search = pairs.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&')
    return { method: method.toUpperCase(), path: search === '' ? filled : `${filled}?${search}`, headers: text === null ? {} : { 'content-type': contentType }, body: text }
  })
}

/** What is documented of a status; undefined where nothing is. */
function responseOf(operation: Operation, status: number, document: OpenApiDocument): Response | undefined {
  const response = operation.responses[String(status)]
  return response !== undefined && '$ref' in response ? document.components.responses[response.$ref.split('/').at(-1) ?? ''] : response
}

function resolved(schema: Schema, document: OpenApiDocument): Schema {
  const { $ref } = schema
  return typeof $ref === 'string' ? (document.components.schemas[$ref.split('/').at(-1) ?? ''] ?? {}) : schema
}

/** A value of a schema, as a query has it. */
function textOf(schema: Schema, document: OpenApiDocument): fc.Arbitrary<string> {
  return valueOf(schema, document).map((value) => (Array.isArray(value) ? value.map(String).join(',') : String(value)))
}

/** A value of a schema; what a schema does not say is anything. */
function valueOf(given: Schema, document: OpenApiDocument): fc.Arbitrary<unknown> {
  const schema = resolved(given, document)
  const options = (schema['anyOf'] ?? schema['oneOf']) as readonly Schema[] | undefined
  if (options) return fc.oneof(...options.map((each) => valueOf(each, document)))
  if ('const' in schema) return fc.constant(schema['const'])
  if (Array.isArray(schema['enum'])) return fc.constantFrom(...(schema['enum'] as unknown[]))
  switch (schema['type']) {
    case 'string': return stringOf(schema)
    case 'integer': return fc.integer({ min: Math.max(-1_000_000, Number(schema['minimum'] ?? -1_000)), max: Math.min(1_000_000_000, Number(schema['maximum'] ?? 1_000)) })
    case 'number': return fc.double({ noNaN: true, min: Number(schema['minimum'] ?? schema['exclusiveMinimum'] ?? -1e6), max: Number(schema['maximum'] ?? 1e6) })
    case 'boolean': return fc.boolean()
    case 'null': return fc.constant(null)
    case 'array': return fc.array(valueOf((schema['items'] ?? {}) as Schema, document), { minLength: Number(schema['minItems'] ?? 0), maxLength: Math.min(4, Number(schema['maxItems'] ?? 4)) })
    case 'object': return objectOf(schema, document)
    default: return fc.jsonValue({ maxDepth: 2 })
  }
}

function stringOf(schema: Schema): fc.Arbitrary<string> {
  if (schema['format'] === 'date-time') return fc.date({ noInvalidDate: true, min: new Date('2020-01-01'), max: new Date('2040-01-01') }).map((date) => date.toISOString())
  return fc.string({ minLength: Number(schema['minLength'] ?? 0), maxLength: Math.min(100, Number(schema['maxLength'] ?? 100)) })
}

function objectOf(schema: Schema, document: OpenApiDocument): fc.Arbitrary<unknown> {
  const properties = (schema['properties'] ?? {}) as Readonly<Record<string, Schema>>
  const required = (schema['required'] ?? []) as readonly string[]
  if (Object.keys(properties).length === 0) return fc.dictionary(fc.string({ maxLength: 20 }), valueOf((schema['additionalProperties'] ?? {}) as Schema, document), { maxKeys: 3 })
  return fc.record(Object.fromEntries(Object.entries(properties).map(([name, each]) => [name, valueOf(each, document)])), { requiredKeys: [...required] })
}

/** Puts something else in one place of a value. */
function spoil(value: unknown, other: unknown, at: number): unknown {
  if (value === null || typeof value !== 'object') return other
  const keys = Object.keys(value)
  if (keys.length === 0) return other
  const key = keys[at % keys.length] ?? ''
  const copy: Record<string, unknown> | unknown[] = Array.isArray(value) ? [...(value as unknown[])] : { ...value }
  const inner = (copy as Record<string, unknown>)[key]
  ;(copy as Record<string, unknown>)[key] = at % 3 === 0 && typeof inner === 'object' ? spoil(inner, other, Math.floor(at / 3)) : other
  return copy
}

interface Answered {
  readonly status: number
  readonly type: string
  readonly text: string
}

/** The answer; of a stream its first bytes. */
function send(baseUrl: string, { method, path, headers, body }: Shot, token: string | null, deadlineMs: number): Promise<Answered> {
  return new Promise((done, failed) => {
    const request = httpRequest(`${baseUrl}`, { method, path, agent: false, headers: { ...headers, ...(token === null ? {} : { authorization: `Bearer ${token}` }), ...(body === null ? {} : { 'content-length': String(Buffer.byteLength(body)) }) } })
    const late = setTimeout(() => {
      failed(new Error(`no answer within ${deadlineMs} ms: ${method} ${path}`))
      request.destroy()
    }, deadlineMs)
    request.once('error', (error) => {
      clearTimeout(late)
      failed(error)
    })
    request.once('response', (response) => {
      let text = ''
      const type = response.headers['content-type'] ?? ''
      const finish = (): void => {
        clearTimeout(late)
        request.destroy()
        done({ status: response.statusCode ?? 0, type, text })
      }
      response.setEncoding('utf8').on('data', (more: string) => {
        text += more
        if (type.startsWith('text/event-stream')) finish()
      })
      response.once('end', finish)
      response.on('error', () => undefined)
      request.on('error', () => undefined)
    })
    request.end(body ?? undefined)
  })
}

const validators = new WeakMap<Schema, z.ZodType>()

async function judge(shot: Shot, { status, type, text }: Answered, operation: Operation, document: OpenApiDocument): Promise<void> {
  const wrong = (what: string): Error => new Error(`${what}: ${shot.method} ${shot.path.slice(0, 300)} answered ${status} ${text.slice(0, 500)}`)
  if (status >= 500 && status !== 501 && status !== 503) throw wrong('an error of the instance')
  const documented = responseOf(operation, status, document)
  if (documented === undefined && !ALWAYS.includes(status)) throw wrong('a status that is not documented')
  if (LEAK.test(text.replaceAll('../../etc/passwd', ''))) throw wrong('a stack or a path')
  const schema = documented?.content?.['application/json']?.schema
  if (status >= 400 && (schema === undefined || schema['$ref'] === '#/components/schemas/Error')) {
    const body = JSON.parse(text) as { success?: unknown; error?: { code?: unknown; statusCode?: unknown; message?: unknown } }
    if (body.success !== false || body.error?.statusCode !== status || typeof body.error.code !== 'string' || typeof body.error.message !== 'string') throw wrong('no envelope of an error')
    return
  }
  if (schema === undefined || !type.startsWith('application/json')) return
  const validator = validators.get(schema) ?? z.fromJSONSchema(JSON.parse(JSON.stringify({ ...schema, $defs: document.components.schemas }).replaceAll('#/components/schemas/', '#/$defs/')) as Parameters<typeof z.fromJSONSchema>[0])
  validators.set(schema, validator)
  const { error } = validator.safeParse(JSON.parse(text))
  if (error) throw wrong(`a body that is not as documented (${error.issues.slice(0, 3).map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ')})`)
}
