import * as z from 'zod/mini'
import { BASE, ENDPOINTS } from './endpoints.ts'
import { ERROR_CODES, type ErrorCode } from './error-code.ts'
import { alertSchema } from './answers/alert.ts'
import { PAGES, STREAMS } from './streams.ts'

type Json = Readonly<Record<string, unknown>>

const ADMIN = 'For administrators.'
const errorOf = (code: ErrorCode): Json => ({ description: `${code}: ${ERROR_CODES[code].about}`, content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } } })

/** The OpenAPI 3.1 document of the contract (https://spec.openapis.org/oas/v3.1.1.html): JSON Schema 2020-12 as it stands. */
export function openApi(version: string): Json {
  const paths: Record<string, Record<string, Json>> = {}
  const add = (path: string, method: string, operation: Json): void => {
    paths[path] = { ...paths[path], [method.toLowerCase()]: operation }
  }
  for (const [name, endpoint] of Object.entries(ENDPOINTS))
    for (const [index, path] of endpoint.paths.entries()) {
      const status = String('status' in endpoint ? endpoint.status : 200)
      add(path, endpoint.method, {
        operationId: index === 0 ? name : `${name}${index + 1}`,
        summary: endpoint.about,
        ...(endpoint.role === 'admin' ? { description: ADMIN } : {}),
        parameters: [...parametersOf(endpoint.params, 'path'), ...parametersOf(endpoint.query, 'query')],
        ...(endpoint.body === null ? {} : { requestBody: { required: true, content: { 'application/json': { schema: schemaOf(endpoint.body) } } } }),
        responses: {
          [status]: { description: 'the answer', content: { 'application/json': { schema: endpoint.envelope === 'data' ? enveloped(schemaOf(endpoint.answer), schemaOf(endpoint.meta)) : flat(schemaOf(endpoint.answer)) } } },
          ...errors(endpoint.body !== null || path.includes('{')),
        },
      })
    }
  for (const [name, { path, about, query, params, event }] of Object.entries(STREAMS))
    add(path, 'get', {
      operationId: `${name}Stream`, summary: about,
      parameters: [...parametersOf(params, 'path'), ...parametersOf(query, 'query'), { name: 'Last-Event-ID', in: 'header', required: false, schema: { type: 'string' } }],
      responses: { 200: { description: 'events whose data is JSON', content: { 'text/event-stream': { schema: { type: 'string', 'x-event': schemaOf(event) } } } }, ...errors(path.includes('{')) },
    })
  for (const [name, { paths: places, about, type, answer, role }] of Object.entries(PAGES))
    for (const [index, path] of places.entries())
      add(path, 'get', {
        operationId: index === 0 ? `${name}Page` : `${name}Page${index + 1}`, summary: about, parameters: [],
        ...(role === 'public' ? { security: [] } : {}),
        responses: { 200: { description: 'the page', content: { [type]: { schema: schemaOf(answer) } } }, ...(name === 'ready' ? { 503: { description: 'not ready', content: { [type]: { schema: schemaOf(answer) } } } } : {}), ...(role === 'public' ? { 429: errorOf('RATE_LIMITED') } : errors(false)) },
      })
  return {
    openapi: '3.1.1',
    info: { title: 'MediaNest Performance API', version, description: `Performance of a system and its application. Everything documented stands below \`${BASE}\`; numbers that are not known are null.`, license: { name: 'MIT', identifier: 'MIT' } },
    servers: [{ url: '/' }],
    security: [{ bearer: [] }, {}],
    paths,
    components: {
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', description: 'A token, or a JWT. On a loopback address reading needs none unless tokens are configured.' } },
      schemas: {
        Alert: schemaOf(alertSchema),
        Error: {
          type: 'object', required: ['success', 'error'],
          properties: { success: { const: false }, error: { type: 'object', required: ['code', 'message', 'statusCode', 'details'], properties: { code: { enum: Object.keys(ERROR_CODES) }, message: { type: 'string' }, statusCode: { type: 'integer' }, details: { type: 'object', description: '`retryAfter`, in seconds, where asking again may help' } } } },
        },
      },
    },
  }
}

function errors(hasInput: boolean): Json {
  return {
    400: errorOf('VALIDATION_ERROR'), 401: errorOf('UNAUTHORIZED'), 403: errorOf('FORBIDDEN'),
    ...(hasInput ? { 404: errorOf('NOT_FOUND'), 409: errorOf('CONFLICT'), 413: errorOf('PAYLOAD_TOO_LARGE'), 415: errorOf('UNSUPPORTED_MEDIA_TYPE'), 501: errorOf('NOT_SUPPORTED') } : {}),
    429: errorOf('RATE_LIMITED'), 500: errorOf('INTERNAL_ERROR'), 503: errorOf('RESOURCE_EXHAUSTED'),
  }
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
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { target: 'draft-2020-12', unrepresentable: 'any', io: 'output' })
  return rest
}
