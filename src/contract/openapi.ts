import * as z from 'zod/mini'
import { BASE, ENDPOINTS } from './endpoints.ts'
import { ERROR_CODES, type ErrorCode } from './error-code.ts'
import { alertSchema } from './answers/alert.ts'
import { PAGES, STREAMS } from './streams.ts'

type Json = Readonly<Record<string, unknown>>

const ADMIN = 'For administrators.'
/** Answers that are no JSON, where `format` asks for one. */
const OTHER_TYPES: Readonly<Record<string, readonly string[]>> = { metrics: ['text/plain', 'application/openmetrics-text'], loadTestResults: ['text/html', 'application/pdf'] }

/** What a status means, where it is not that of a code of its own. */
const OF_THE_WIRE: Readonly<Record<number, string>> = { 408: 'VALIDATION_ERROR: the request was not complete in time', 431: 'VALIDATION_ERROR: the headers are larger than is taken' }
const CODES = Object.keys(ERROR_CODES) as ErrorCode[] // The names of the table are its keys.
/** May come to whatever is asked. */
const ALWAYS = [400, 403, 408, 429, 431, 500]
/** Besides, where somebody has to show who it is. */
const BEHIND_THE_DOOR = [401, 503]

/**
 * The OpenAPI 3.1 document of the contract (https://spec.openapis.org/oas/v3.1.1.html): JSON Schema 2020-12 as it stands. What is answered in several places
 * stands once, among the components.
 */
export function openApi(version: string): Json {
  const paths: Record<string, Record<string, Json>> = {}
  const schemas: Record<string, Json> = { Alert: schemaOf(alertSchema), Error: ERROR }
  const add = (path: string, method: string, operation: Json): void => {
    paths[path] = { ...paths[path], [method.toLowerCase()]: operation }
  }
  const named = (name: string, schema: Json): Json => {
    schemas[name] = schema
    return { $ref: `#/components/schemas/${name}` }
  }
  for (const [name, endpoint] of Object.entries(ENDPOINTS)) {
    const status = String('status' in endpoint ? endpoint.status : 200)
    const Name = name.replace(/^./, (first) => first.toUpperCase())
    const answer = named(`${Name}Answer`, endpoint.envelope === 'data' ? enveloped(schemaOf(endpoint.answer), schemaOf(endpoint.meta)) : flat(schemaOf(endpoint.answer)))
    const body = endpoint.body === null ? null : named(`${Name}Body`, schemaOf(endpoint.body))
    for (const [index, path] of endpoint.paths.entries()) {
      add(path, endpoint.method, {
        operationId: index === 0 ? name : `${name}${index + 1}`,
        summary: endpoint.about,
        ...(endpoint.role === 'admin' ? { description: ADMIN } : {}),
        parameters: [...parametersOf(endpoint.params, 'path'), ...parametersOf(endpoint.query, 'query')],
        ...(body === null ? {} : { requestBody: { required: true, content: { 'application/json': { schema: body } } } }),
        responses: {
          [status]: { description: 'the answer', content: { 'application/json': { schema: answer }, ...Object.fromEntries((OTHER_TYPES[name] ?? []).map((type) => [type, {}])) } },
          ...errors([...ALWAYS, ...BEHIND_THE_DOOR, 501, ...(path.includes('{') ? [404, 409] : []), ...(body === null ? [] : [409, 413, 415])]),
        },
      })
    }
  }
  for (const [name, { path, about, role, query, params, event }] of Object.entries(STREAMS))
    add(path, 'get', {
      operationId: `${name}Stream`, summary: about,
      ...(role === 'admin' ? { description: ADMIN } : {}),
      parameters: [...parametersOf(params, 'path'), ...parametersOf(query, 'query'), { name: 'Last-Event-ID', in: 'header', required: false, schema: { type: 'string' } }],
      responses: { 200: { description: 'events whose data is JSON', content: { 'text/event-stream': { schema: { type: 'string', 'x-event': schemaOf(event) } } } }, ...errors([...ALWAYS, ...BEHIND_THE_DOOR, ...(path.includes('{') ? [404, 501] : [])]) },
    })
  for (const [name, { paths: places, about, type, answer, role }] of Object.entries(PAGES))
    for (const [index, path] of places.entries())
      add(path, 'get', {
        operationId: index === 0 ? `${name}Page` : `${name}Page${index + 1}`, summary: about, parameters: [],
        ...(role === 'public' ? { security: [{}] } : {}),
        responses: {
          200: { description: 'the page', content: { [type]: { schema: schemaOf(answer) }, ...(name === 'prometheus' ? { 'application/openmetrics-text': {} } : {}) } },
          ...errors([...ALWAYS, ...(role === 'public' ? [] : BEHIND_THE_DOOR)]),
          ...(name === 'ready' ? { 503: { description: 'not ready', content: { [type]: { schema: schemaOf(answer) } } } } : {}),
        },
      })
  return {
    openapi: '3.1.1',
    info: {
      title: 'MediaNest Performance API', version, license: { name: 'MIT', identifier: 'MIT' },
      description: `Performance of a system and its application. Everything documented stands below \`${BASE}\`; numbers that are not known are null. Every path that is read by GET answers HEAD too; a method that is not for a path is answered with 405, and a path that is not here with 404.`,
    },
    servers: [{ url: '/' }],
    security: [{ bearer: [] }, {}],
    paths,
    components: {
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', description: 'A token, or a JWT. On a loopback address reading needs none unless tokens are configured.' } },
      responses: Object.fromEntries([...new Set([...CODES.map((code) => ERROR_CODES[code].status), ...Object.keys(OF_THE_WIRE).map(Number)])].sort((a, b) => a - b).map((status) => [`Error${status}`, refusal(status)])),
      schemas,
    },
  }
}

const ERROR: Json = {
  type: 'object', required: ['success', 'error'],
  properties: {
    success: { const: false },
    error: { type: 'object', required: ['code', 'message', 'statusCode', 'details'], properties: { code: { enum: CODES }, message: { type: 'string' }, statusCode: { type: 'integer' }, details: { type: 'object', description: '`retryAfter`, in seconds, where asking again may help' } } },
  },
}

/** Headers that come with a status. */
const HEADERS: Readonly<Record<number, Json>> = {
  401: { 'WWW-Authenticate': { schema: { type: 'string' } } },
  405: { Allow: { schema: { type: 'string' } } },
  429: { 'Retry-After': { description: 'seconds', schema: { type: 'integer' } } },
  503: { 'Retry-After': { description: 'seconds', schema: { type: 'integer' } } },
}

function refusal(status: number): Json {
  const description = CODES.filter((code) => ERROR_CODES[code].status === status).map((code) => `${code}: ${ERROR_CODES[code].about}`).join('. ')
  return { description: description === '' ? OF_THE_WIRE[status] : description, ...(HEADERS[status] ? { headers: HEADERS[status] } : {}), content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } } }
}

function errors(statuses: readonly number[]): Json {
  return Object.fromEntries(statuses.map((status) => [status, { $ref: `#/components/responses/Error${status}` }]))
}

function enveloped(data: Json, meta: Json): Json {
  return { type: 'object', required: ['success', 'data'], properties: { success: { const: true }, data, meta, alerts: { type: 'array', items: { $ref: '#/components/schemas/Alert' } } } }
}

function flat(answer: Json): Json {
  const { properties = {}, required = [] } = answer as { properties?: Json; required?: readonly string[] }
  return { ...answer, properties: { success: { const: true }, ...properties, timestamp: { type: 'string', format: 'date-time' } }, required: ['success', ...required, 'timestamp'] }
}

function parametersOf(schema: z.ZodMiniType, place: 'path' | 'query'): Json[] {
  const { properties = {}, required = [] } = schemaOf(schema) as { properties?: Readonly<Record<string, Json>>; required?: readonly string[] }
  return Object.entries(properties).map(([name, each]) => ({
    name, in: place, required: place === 'path' || (required.includes(name) && !('default' in each)), schema: each,
    // Lists are written with commas; one parameter for each word is taken too.
    ...(each['type'] === 'array' ? { style: 'form', explode: false } : {}),
  }))
}

function schemaOf(schema: z.ZodMiniType): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    target: 'draft-2020-12', unrepresentable: 'any', io: 'output',
    // The format says it; spelled out as a pattern every moment would take 300 characters.
    override: ({ jsonSchema }) => {
      if (jsonSchema.format !== undefined) delete jsonSchema.pattern
    },
  })
  return rest
}
