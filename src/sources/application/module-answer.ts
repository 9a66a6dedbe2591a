import * as z from 'zod/mini'
import { METRICS, metricNamed, metricNames, type Metric } from '../../model/metric.ts'
import { nearest } from '../../model/nearest.ts'
import type { Collected } from '../../model/source.ts'
import { plain } from '../../model/text.ts'
import { SampleMap } from '../sample-map.ts'
import { moduleAnswer } from './module-errors.ts'

/** A count, mean or share; not known where it is left out. */
const known = z._default(z.nullable(z.number().check(z.gte(0))), null)
const rows = <const S extends z.ZodMiniType>(row: S) => z.optional(z.array(row).check(z.maxLength(1_000)))

/** What a module returns: values in the catalogue's units, which are milliseconds, bytes, shares from 0 to 1, and counts. */
const answerSchema = z.strictObject({
  samples: z.optional(z.array(z.strictObject({ metric: z.string(), value: z.number(), tag: z.optional(z.string().check(z.minLength(1))) })).check(z.maxLength(10_000))),
  endpoints: rows(z.strictObject({ method: z._default(z.string(), ''), path: z.string(), count: known, avgMs: known, errors: z._default(z.nullable(z.number().check(z.gte(0), z.lte(1))), null) })),
  queries: rows(z.strictObject({ query: z.string(), count: known, avgMs: known })),
})

type Answer = z.infer<typeof answerSchema>
type Sample = NonNullable<Answer['samples']>[number]

/** Takes what a module returned, as JSON. Throws UserError `MODULE_ANSWER`. */
export function readModuleAnswer(path: string, text: string): Collected {
  const read = answerSchema.safeParse(JSON.parse(text))
  if (!read.success) {
    const [issue] = read.error.issues
    throw moduleAnswer(path, placeOf(issue?.path ?? []), wordsOf(issue))
  }
  const { samples = [], endpoints, queries } = read.data
  const map = new SampleMap()
  for (const [index, sample] of samples.entries()) setSample(path, map, sample, `samples[${index}]`)
  const number = (value: number | null): number => value ?? Number.NaN
  return {
    samples: map.samples,
    endpoints: endpoints?.map(({ method, path: route, count, avgMs, errors }) => ({ method: plain(method, 20), path: plain(route, 200), count: number(count), avgMs: number(avgMs), errors: number(errors) })),
    queries: queries?.map(({ query, count, avgMs }) => ({ query: plain(query, 1_000), count: number(count), avgMs: number(avgMs) })),
  }
}

function setSample(path: string, map: SampleMap, { metric, value, tag }: Sample, where: string): void {
  const name = metricNamed(metric)
  if (name === undefined) {
    const like = nearest(metric, metricNames())
    throw moduleAnswer(path, `${where}.metric`, `is "${plain(metric, 80)}", which is no metric`, like === undefined ? 'medianest-perf help metrics lists them' : `did you mean ${like}?`)
  }
  const { tag: differsIn, unit }: Metric = METRICS[name]
  if (differsIn === undefined && tag !== undefined) throw moduleAnswer(path, `${where}.tag`, `is "${plain(tag, 80)}", and ${name} has one series without a tag`, 'leave tag out')
  if (differsIn !== undefined && tag === undefined) throw moduleAnswer(path, `${where}.tag`, `is missing: there is one ${name} for each ${differsIn}`, `set tag to the name of the ${differsIn}`)
  // A processor's share is of one, and there may be several.
  if (unit === 'ratio' && !name.endsWith('.cpu') && (value < 0 || value > 1)) throw moduleAnswer(path, `${where}.value`, `is ${value}, and ${name} is a share from 0 to 1`, value > 1 && value <= 100 ? `for ${value} of 100 return ${value / 100}` : 'divide by what it is a share of')
  map.set(name, value, tag === undefined ? '' : plain(tag, 100))
}

function placeOf(path: readonly PropertyKey[]): string {
  return path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('').replace(/^\./, '')
}

function wordsOf(issue: z.core.$ZodIssue | undefined): string {
  if (issue?.code === 'invalid_type') return issue.expected === 'number' ? 'is no finite number' : `is no ${issue.expected}`
  if (issue?.code === 'unrecognized_keys') return `has ${issue.keys.slice(0, 3).map((key) => plain(key, 40)).join(', ')}, which is not known`
  if (issue?.code === 'too_big') return `is more than ${issue.maximum}`
  if (issue?.code === 'too_small') return `is less than ${issue.minimum}`
  return 'is not as it should be'
}
