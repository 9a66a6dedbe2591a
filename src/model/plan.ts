import type { Position } from './error.ts'
import type { MetricKind } from './metric.ts'
import type { ThresholdRule } from './threshold.ts'

/**
 * What a load test means, whoever's spelling it was written in: who arrives when (workloads), what each does (flows),
 * and what is demanded of the result (thresholds). Pure data, JSON all through; nothing in it is compiled or opened yet.
 */
export interface Plan {
  readonly name: string
  readonly dialect: Dialect
  /** The file as the person named it, or the address of a one-liner. */
  readonly source: string
  /** Where relative urls lead: an http(s) address, or the word `demo`. */
  readonly target: string
  /** Further targets by name, for plans that ask several services; templates find each address as a variable. */
  readonly targets: Readonly<Record<string, string>>
  readonly workloads: readonly Workload[]
  readonly flows: readonly Flow[]
  readonly settings: LoadSettings
  /** Values every user starts with; of a list each user draws one at random, as in Artillery. */
  readonly variables: Readonly<Record<string, Json>>
  readonly payloads: readonly Payload[]
  readonly thresholds: readonly ThresholdRule[]
  /** Metrics the scenario declares beyond the catalogue. */
  readonly metrics: Readonly<Record<string, MetricKind>>
  /** What was read over or assumed, for the reader of the result. */
  readonly notes: readonly string[]
}

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

export type Dialect = 'artillery' | 'k6' | 'api' | 'connections' | 'url'

export interface LoadSettings {
  /** Longest wait for a response from the moment its request is sent, milliseconds. */
  readonly timeoutMs: number
  /** Most connections per origin; null: as many as there are users. */
  readonly maxConnections: number | null
  /** Whether a connection serves several requests. */
  readonly keepAlive: boolean
  readonly tls: { readonly insecure: boolean; readonly caFile?: string; readonly certFile?: string; readonly keyFile?: string; readonly serverName?: string }
  /** Longest body and longest header block of a response that is accepted, bytes. */
  readonly maxBodyBytes: number
  readonly maxHeaderBytes: number
  /** Whether redirects are followed (up to `maxRedirects`) when a step does not say. */
  readonly followRedirects: boolean
  readonly maxRedirects: number
  /** Whether a failed expectation ends its user's flow; it fails the request in any case. */
  readonly endOnFailedExpectation: boolean
  /** What becomes of arrivals while the cap of users is reached: they wait with their due time kept, or are dropped. */
  readonly atCap: 'wait' | 'drop'
  /** Set for plans that only autocannon can run; the wire engine ignores it. */
  readonly connections?: ConnectionsPlan
}

/** autocannon's vocabulary, for the plans written in it. */
export interface ConnectionsPlan {
  readonly connections: number
  readonly pipelining: number
  /** Ends after this long, or after `amount` responses, whichever is given. */
  readonly durationMs: number | null
  readonly amount: number | null
  readonly overallRate: number | null
}

/** Open: arrivals come when they are due, whatever the system does. Closed: users who each wait for their answer. Iterations: users who share or repeat a fixed amount of work. */
export type Workload = OpenWorkload | ClosedWorkload | IterationWorkload

interface WorkloadBase {
  readonly name: string
  /** Offset from the start of the run, milliseconds. */
  readonly startMs: number
  /** Index into `Plan.flows` and relative weight, > 0. */
  readonly flows: readonly { readonly flow: number; readonly weight: number }[]
  /** How long users may finish after the workload's end before they are broken off, milliseconds; null: until they are done. */
  readonly gracefulStopMs: number | null
  readonly tags: Tags
}

export interface OpenWorkload extends WorkloadBase {
  readonly model: 'open'
  readonly segments: readonly RateSegment[]
}

/** A piece of the rate curve: linear from one rate to the other. */
export interface RateSegment {
  readonly name: string
  readonly durationMs: number
  /** Arrivals per second at the beginning and at the end, >= 0. */
  readonly from: number
  readonly to: number
  /** Exactly this many arrivals, evenly spread, whatever the rates say (Artillery's arrivalCount). */
  readonly arrivals?: number
  /** Most users active at once; null: no cap. */
  readonly maxUsers: number | null
}

export interface ClosedWorkload extends WorkloadBase {
  readonly model: 'closed'
  readonly stages: readonly UserStage[]
  /** How long a user who is no longer wanted may finish its flow, milliseconds. */
  readonly gracefulRampDownMs: number
}

/** A piece of the curve of users: linear from one count to the other. */
export interface UserStage {
  readonly name: string
  readonly durationMs: number
  readonly from: number
  readonly to: number
}

export interface IterationWorkload extends WorkloadBase {
  readonly model: 'iterations'
  readonly users: number
  readonly iterations: number
  /** Whether `iterations` is the sum over all users (k6's shared-iterations) or each one's own (per-vu-iterations). */
  readonly shared: boolean
  readonly maxDurationMs: number
  readonly phase: string
}

export type Tags = Readonly<Record<string, string>>

/** What one user does from beginning to end. */
export interface Flow {
  readonly name: string
  readonly steps: readonly Step[]
}

/** Texts may hold templates: `{{ name }}`, `{{ $randomInt(1, 9) }}`; conditions are in the grammar of `load/flow/condition.ts`. */
export type Step =
  | RequestStep
  | { readonly kind: 'think'; readonly ms: number | string; readonly toMs?: number }
  | LoopStep
  | { readonly kind: 'group'; readonly name: string; readonly steps: readonly Step[] }
  | { readonly kind: 'set'; readonly variables: Readonly<Record<string, Json>>; readonly ifTrue?: string }
  | { readonly kind: 'metric'; readonly name: string; readonly value: number | string; readonly where: Position }
  | { readonly kind: 'log'; readonly text: string; readonly ifTrue?: string }

export interface LoopStep {
  readonly kind: 'loop'
  readonly steps: readonly Step[]
  /** Times to go round (a number or template); null with `over` or `whileTrue`, or for ever. */
  readonly count: number | string | null
  /** The list to walk, or the name of a variable that holds one. */
  readonly over?: string | readonly Json[]
  readonly whileTrue?: string
  /** The variable that holds the turn (from 0) or the element. */
  readonly variable: string
  readonly where: Position
}

export interface RequestStep {
  readonly kind: 'request'
  /** What its statistics are kept under: method and path as authored, unless named. */
  readonly name: string
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD' | 'OPTIONS'
  /** Absolute, or relative to the plan's target. */
  readonly url: string
  readonly query: Readonly<Record<string, Json>>
  readonly headers: Readonly<Record<string, string>>
  readonly cookies: Readonly<Record<string, string>>
  readonly body: { readonly kind: 'none' } | { readonly kind: 'json'; readonly value: Json } | { readonly kind: 'form'; readonly fields: Readonly<Record<string, Json>> } | { readonly kind: 'text'; readonly text: string }
  readonly auth?: { readonly user: string; readonly pass: string }
  readonly captures: readonly Capture[]
  readonly expects: readonly Expectation[]
  readonly ifTrue?: string
  readonly tags: Tags
  /** Also record this request's response time under a declared or catalogued metric. */
  readonly metric?: string
  readonly followRedirects?: boolean
  readonly timeoutMs?: number
  readonly where: Position
}

/** Takes a value out of a response into a variable of the user. */
export interface Capture {
  readonly from: { readonly kind: 'json'; readonly path: string } | { readonly kind: 'header'; readonly name: string } | { readonly kind: 'regexp'; readonly pattern: string; readonly flags: string; readonly group: number | string } | { readonly kind: 'status' }
  readonly as: string
  /** Strict captures fail the request and end the flow when there is nothing to take. */
  readonly strict: boolean
  /** Take every match into a list instead of the first. */
  readonly all?: boolean
  readonly where: Position
}

/** Something that must hold of a response: a check. `text` is how reports name it. */
export type Expectation = { readonly text: string; readonly where: Position } & (
  | { readonly kind: 'status'; readonly codes: readonly (number | string)[] }
  | { readonly kind: 'notStatus'; readonly codes: readonly (number | string)[] }
  | { readonly kind: 'contentType'; readonly type: string }
  | { readonly kind: 'hasHeader'; readonly name: string }
  | { readonly kind: 'headerEquals'; readonly name: string; readonly value: string }
  | { readonly kind: 'hasProperty'; readonly path: string; readonly present: boolean }
  | { readonly kind: 'equals'; readonly values: readonly Json[]; readonly negate: boolean }
  | { readonly kind: 'matchesRegexp'; readonly pattern: string }
  | { readonly kind: 'jsonEquals'; readonly path: string; readonly value: Json }
  | { readonly kind: 'responseTime'; readonly maxMs: number }
)

/** Rows that users take their variables from. */
export interface Payload {
  readonly fields: readonly string[]
  readonly rows: readonly (readonly string[])[]
  readonly order: 'random' | 'sequence'
  /** With `loadAll`, all rows at once as a list of objects under this name. */
  readonly as?: string
  readonly source: string
}
