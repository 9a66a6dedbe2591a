import type { ArtifactFormat, MeasuredSeries, Measurements, Surroundings } from '../../model/measurements.ts'

/** What a reader finds in a file; the door (`read-measurements.ts`) adds what is common to all. */
export interface Content {
  readonly surroundings?: Partial<Surroundings>
  /** Milliseconds since 1970. */
  readonly takenAt?: number | null | undefined
  readonly series: readonly MeasuredSeries[]
  readonly notes?: readonly string[]
  readonly outcome?: Measurements['outcome']
}

/** How a file is to be read. */
export interface ReadChoice {
  /** `slice`: a run that tells of its course gives one value for each slice of time; `run`: one for the whole run. */
  readonly per: 'slice' | 'run'
  /** Length of the slices that single requests are gathered in, milliseconds. */
  readonly sliceMs: number
  /** Whether every figure of a file is wanted, also those that hardly anybody compares: scores and lengths of all audits of Lighthouse. */
  readonly detail?: boolean | undefined
  /** With `detail`: sets of hosts that count as first party, `*.example.com` with all below it; third parties are told for each. */
  readonly firstParty?: readonly (readonly string[])[] | undefined
}

/** What a reader is told of its file. */
export interface Reading extends ReadChoice {
  readonly file: string
  readonly format: ArtifactFormat
}

interface Known {
  readonly format: ArtifactFormat
  /** Whose file it is, for people: `autocannon -j`. */
  readonly name: string
  /** What it is recognised by, for people. */
  readonly mark: string
}

/** A file that is one JSON document. */
export interface JsonArtifact extends Known {
  readonly kind: 'json'
  recognise(value: unknown): boolean
  read(value: unknown, reading: Reading): Content | Promise<Content>
}

/** A text for people, told by the whole of it. */
export interface TextArtifact extends Known {
  readonly kind: 'text'
  recognise(text: string): boolean
  read(text: string, reading: Reading): Content
}

/** Lines of one file, in order; `cut` when the last one has no end. */
export interface LineBatch {
  /** Number of the first of them, from 1. */
  readonly first: number
  readonly lines: readonly string[]
  readonly cut: boolean
}

/** A file of one record a line, read as it comes. */
export interface LinesArtifact extends Known {
  readonly kind: 'lines'
  recognise(firstLine: string): boolean
  read(batches: AsyncIterable<LineBatch>, reading: Reading): Promise<Content>
}

/** A format that can be read. */
export type Artifact = JsonArtifact | TextArtifact | LinesArtifact
