import * as z from 'zod/mini'
import { amount, scalar, yesNo } from './quantity.ts'

const scalars = z.record(z.string(), scalar)
const oneOrMore = <T extends z.ZodMiniType>(schema: T) => z.union([schema, z.array(schema)])
const codes = oneOrMore(z.union([z.number(), z.string()]))

/** One entry of `capture`. */
export const captureSchema = z.strictObject({
  json: z.optional(z.string()),
  header: z.optional(z.string()),
  regexp: z.optional(z.string()),
  status: z.optional(z.literal(true)),
  group: z.optional(amount),
  flags: z.optional(z.string()),
  as: z.string(),
  strict: z.optional(yesNo),
  all: z.optional(z.boolean()),
})

/** One entry of `match`, Artillery's old word for expectations. */
export const matchSchema = z.strictObject({
  json: z.optional(z.string()),
  header: z.optional(z.string()),
  regexp: z.optional(z.string()),
  statusCode: z.optional(codes),
  value: z.optional(z.json()),
  strict: z.optional(yesNo),
})

/** One entry of `expect`; several keys are several expectations. */
export const expectSchema = z.strictObject({
  statusCode: z.optional(codes),
  notStatusCode: z.optional(codes),
  contentType: z.optional(z.string()),
  hasHeader: z.optional(z.string()),
  headerEquals: z.optional(z.array(scalar)),
  hasProperty: z.optional(z.string()),
  notHasProperty: z.optional(z.string()),
  equals: z.optional(z.array(z.json())),
  matchesRegexp: z.optional(z.string()),
  responseTime: z.optional(amount),
})

/** What stands behind `get:`, `post:` and the other methods. */
export const requestSchema = z.strictObject({
  url: z.string(),
  name: z.optional(z.string()),
  qs: z.optional(z.record(z.string(), z.json())),
  headers: z.optional(scalars),
  cookie: z.optional(scalars),
  json: z.optional(z.json()),
  body: z.optional(z.string()),
  form: z.optional(z.record(z.string(), z.json())),
  auth: z.optional(z.strictObject({ user: scalar, pass: scalar })),
  capture: z.optional(oneOrMore(captureSchema)),
  match: z.optional(oneOrMore(matchSchema)),
  expect: z.optional(oneOrMore(expectSchema)),
  ifTrue: z.optional(scalar),
  followRedirect: z.optional(yesNo),
  gzip: z.optional(yesNo),
  timeout: z.optional(amount),
  tags: z.optional(scalars),
  metric: z.optional(z.string()),
})

/** One step of a flow: a request or another action, and what goes with it. */
export const stepSchema = z.strictObject({
  get: z.optional(requestSchema),
  post: z.optional(requestSchema),
  put: z.optional(requestSchema),
  patch: z.optional(requestSchema),
  delete: z.optional(requestSchema),
  head: z.optional(requestSchema),
  options: z.optional(requestSchema),
  think: z.optional(z.union([amount, z.strictObject({ min: amount, max: amount })])),
  jitter: z.optional(amount),
  get loop() {
    return z.optional(z.array(stepSchema))
  },
  count: z.optional(amount),
  over: z.optional(z.union([z.string(), z.array(z.json())])),
  whileTrue: z.optional(z.string()),
  loopValue: z.optional(z.string()),
  loopElement: z.optional(z.string()),
  get group() {
    return z.optional(z.strictObject({ name: z.string(), steps: z.array(stepSchema) }))
  },
  log: z.optional(scalar),
  set: z.optional(z.record(z.string(), z.json())),
  metric: z.optional(z.record(z.string(), amount)),
  ifTrue: z.optional(scalar),
})

/** Headers, cookies and the rest that every request of a file has in common. */
export const defaultsSchema = z.strictObject({
  headers: z.optional(scalars),
  cookie: z.optional(scalars),
  strictCapture: z.optional(yesNo),
  think: z.optional(z.strictObject({ jitter: z.optional(amount) })),
})

export type WrittenStep = z.infer<typeof stepSchema>
export type WrittenRequest = z.infer<typeof requestSchema>
export type WrittenDefaults = z.infer<typeof defaultsSchema>
