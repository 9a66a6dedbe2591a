import { createHash } from 'node:crypto'
import * as z from 'zod/mini'
import { environmentWords } from '../analysis/compare/comparable.ts'
import type { ArtifactFormat, MeasuredSeries, Measurements, Surroundings } from '../model/measurements.ts'
import { folderOf } from './branch-folder.ts'

const MARK = 'baseline'
/** Raised when a field changes its meaning; later ones are refused by name. */
const BASELINE_VERSION = 1

const text = z.nullable(z.string())
const schema = z.object({
  baseline: z.object({
    branch: z.string().check(z.minLength(1)),
    name: text,
    kind: z.enum(['rolling', 'frozen']),
    commit: text,
    savedAt: z.iso.datetime(),
    format: z.string(),
    plan: text,
    environment: z.object({ id: z.string(), cpu: text, cores: z.nullable(z.number()), os: text }),
    source: z.object({ file: z.string(), verdict: z.nullable(z.enum(['ok', 'warn', 'unknown', 'fail'])), partial: z.boolean() }),
    digest: z.string(),
    tool: z.string(),
  }),
  takenAt: z.nullable(z.iso.datetime()),
  surroundings: z.object({ cpu: text, cores: z.nullable(z.number()), memoryBytes: z.nullable(z.number()), os: text, tool: text, plan: text }),
  series: z.array(z.unknown()).check(z.minLength(1)),
})

/** Where a baseline comes from and what it is for. */
export type BaselineFacts = z.infer<typeof schema>['baseline']

/** A file of the baselines, without its figures: who needs those reads them as of any file of results. */
export interface KeptBaseline {
  /** Absolute. */
  readonly path: string
  readonly facts: BaselineFacts
  readonly surroundings: Surroundings
  /** When it was measured, or else saved; milliseconds since 1970. */
  readonly at: number
}

/** A run that is to be kept. */
export interface Draft {
  readonly facts: BaselineFacts
  readonly measured: Measurements
}

/** What is said of a run beyond what was measured. */
export interface DraftTerms {
  readonly branch: string
  readonly name: string | null
  readonly kind: BaselineFacts['kind']
  readonly commit: string | null
  readonly savedAt: Date
  /** The version of this program. */
  readonly version: string
}

/** Makes a baseline of a run that was read. */
export function draft(measured: Measurements, { version, savedAt, ...terms }: DraftTerms): Draft {
  const { surroundings, format, outcome, file } = measured
  const { cpu, cores, os, plan } = surroundings
  return {
    measured,
    facts: {
      ...terms, savedAt: savedAt.toISOString(), format, plan,
      environment: { id: environmentId(surroundings), cpu, cores, os },
      source: { file: file.replace(/^.*[/\\]/, ''), verdict: outcome?.verdict ?? null, partial: outcome?.isPartial ?? false },
      digest: digestOf(measured), tool: `medianest-perf ${version}`,
    },
  }
}

/** Which environment it is, in eight letters: the same for two that count as one. */
export function environmentId(surroundings: Surroundings): string {
  return hash(JSON.stringify(environmentWords(surroundings))).slice(0, 8)
}

/** The same for two readings of one run, and for no two runs that measured a time. */
export function digestOf({ takenAt, series }: Pick<Measurements, 'takenAt' | 'series'>): string {
  return hash(JSON.stringify([takenAt, series])).slice(0, 32)
}

/** Whether it holds anything that differs from run to run, so that the same digits mean the same run. */
export function isSampled({ series }: { readonly series: readonly Pick<MeasuredSeries, 'class'>[] }): boolean {
  return series.some((each) => each.class === 'sampled')
}

/** The folder, within its branch's, of what may be compared: one tool's results of one plan in one environment under one name. */
export function groupFolder({ format, name, plan, environment }: Pick<BaselineFacts, 'format' | 'name' | 'plan' | 'environment'>): string {
  return `${folderOf(format)}${name === null ? '' : `-${folderOf(name)}`}-${hash(JSON.stringify([format, name, plan, environment.id])).slice(0, 8)}`
}

/** The text of a file: measurements as `compare` reads them, a line a figure, with the facts of the baseline before them. */
export function formatBaseline({ facts, measured: { takenAt, surroundings, series, notes } }: Draft): string {
  const head = { 'medianest-perf': MARK, version: BASELINE_VERSION, baseline: facts, takenAt: takenAt === null ? null : new Date(takenAt).toISOString(), surroundings, notes }
  return `${JSON.stringify(head, null, 2).replace(/\n}$/, '')},\n  "series": [\n${series.map((each) => `    ${JSON.stringify(each)}`).join(',\n')}\n  ]\n}\n`
}

/** What a text that should be a baseline is: one, another's, or broken (`why` is a phrase). */
export type Recognised = { readonly is: 'baseline'; readonly kept: Omit<KeptBaseline, 'path'> } | { readonly is: 'foreign' | 'broken'; readonly why: string }

/** Recognises a baseline. */
export function parseBaseline(content: string): Recognised {
  let value: unknown
  try {
    value = JSON.parse(content)
  } catch {
    return { is: 'broken', why: content.trim() === '' ? 'it is empty' : 'it is no JSON; was it cut off?' }
  }
  const { 'medianest-perf': mark, version } = (typeof value === 'object' && value !== null ? value : {}) as Readonly<Record<string, unknown>> // an object, whatever is in it
  if (mark !== MARK) return { is: 'foreign', why: 'it is no baseline' }
  if (version !== BASELINE_VERSION) return { is: 'broken', why: `it is a baseline of version ${JSON.stringify(version) ?? 'none'}, version ${BASELINE_VERSION} is known` }
  const { data, error } = schema.safeParse(value)
  if (!data) return { is: 'broken', why: `"${(error.issues[0]?.path ?? []).map(String).join('.')}" is missing or is not what it must be` }
  return { is: 'baseline', kept: { facts: data.baseline, surroundings: data.surroundings, at: Date.parse(data.takenAt ?? data.baseline.savedAt) } }
}

/** The format whose results it holds, for those that are compared with them. */
export function formatOf({ facts }: Pick<KeptBaseline, 'facts'>): ArtifactFormat {
  return facts.format as ArtifactFormat // written from one; a stranger equals none
}

function hash(content: string): string {
  return createHash('sha256').update(content).digest('hex')
}
