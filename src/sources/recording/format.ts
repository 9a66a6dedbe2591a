import * as z from 'zod/mini'

/**
 * A recording is NDJSON. The first line is a header; then a line for each tick that says what changed since the tick before:
 *
 *     {"recording":1,"version":"1.0.0","startedAt":1700000000000,"intervalMs":1000,"facts":{...}}
 *     {"f":1,"t":1700000000000,"e":null,"n":[["cpu.usage",""],["cpu.busy","0"]],"v":[0,0.31,1,0.28],"p":{...},"a":null,"w":[]}
 *     {"t":1700000001000,"e":1000.2,"v":[0,0.33]}
 *
 * `f` marks a full tick, which needs nothing that came before and from which a damaged file can be read again; `t` is its wall clock,
 * `e` the milliseconds since the tick before. `n` names new series, numbered on; `v` holds pairs of a number and a value, null for a
 * series that is gone. `p` are the processes (null: not looked at; absent: as before) by the number of their program, `a` the
 * application, `w` open alerts. A line `{"facts":{...}}` or `{"alert":{...}}` may stand between ticks.
 */
export const RECORDING = 1

/** Ticks from one full one to the next. */
export const FULL_EVERY = 60

/** How a full tick and new facts begin, so that they are found without reading the line. */
export const FULL_START = '{"f":1,'
export const FACTS_START = '{"facts":'

/** Bounds of what is believed. A recording of ours stays far below. */
export const MOST = { line: 16_000_000, series: 10_000, programs: 5_000, tag: 300, command: 1_000, text: 500, list: 100, filesystems: 1_000 } as const

const text = (most: number = MOST.text): z.ZodMiniString => z.string().check(z.maxLength(most))
// Milliseconds since 1970 that `Date` knows.
const instant = z.number().check(z.gte(-8.64e15), z.lte(8.64e15))
const known = z.nullable(z.number())
/** What is not known is null in the file and NaN inside. */
const figure = z.pipe(known, z.transform((value) => value ?? Number.NaN))
const place = z.int().check(z.gte(0))

const FACTS = z.object({
  host: text(), os: text(), platform: text(), arch: text(), kernel: text(), node: text(), cpuModel: text(), cores: figure, container: z.nullable(text()),
  filesystems: z.record(text(), z.object({ device: text(), type: text() })),
})
const ALERT = z.object({ level: z.enum(['info', 'warning', 'critical']), metric: text(), message: text(), value: z.optional(z.number()), threshold: z.optional(z.number()) })
const APPLICATION = z.object({
  endpoints: z.array(z.object({ method: text(), path: text(), count: figure, avgMs: figure, errors: figure })).check(z.maxLength(MOST.list)),
  queries: z.array(z.object({ query: text(), count: figure, avgMs: figure })).check(z.maxLength(MOST.list)),
})
/** pid, name, command, user, uid, container, whether it is of the kernel, start. */
const PROGRAM = z.tuple([z.int(), text(), text(MOST.command), text(), known, z.nullable(text()), z.boolean(), z.nullable(instant)])
/** Number of the program, parent, state, threads, cpu, cpuTimeMs, residentBytes, memory, readRate, writeRate. */
const ROW = z.tuple([place, known, text(8), known, known, known, known, known, known, known])

export const HEADER = z.object({ recording: z.literal(RECORDING), version: text(), startedAt: instant, intervalMs: z.number().check(z.gt(0)), facts: FACTS })
export const TICK = z.object({
  f: z.optional(z.literal(1)), t: instant, e: z.nullable(z.number().check(z.gte(0))),
  n: z.optional(z.array(z.tuple([text(100), text(MOST.tag)]))), v: z.array(known),
  p: z.optional(z.nullable(z.object({ t: instant, n: figure, d: z.array(PROGRAM), r: z.array(ROW), x: z.array(place) }))),
  a: z.optional(z.nullable(APPLICATION)), w: z.optional(z.array(ALERT).check(z.maxLength(MOST.list))),
})
/** What may stand between ticks. */
export const NEWS = z.union([z.object({ facts: FACTS }), z.object({ alert: z.extend(ALERT, { at: instant }) })])

export type Header = z.infer<typeof HEADER>
export type Tick = z.infer<typeof TICK>
export type ProgramLine = z.infer<typeof PROGRAM>
export type ProcessLine = z.infer<typeof ROW>
