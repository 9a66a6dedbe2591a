import type { Unit } from './unit.ts'

/** What is kept of a metric: every value's distribution, a share of yes, a sum, or the last value. */
export type MetricKind = 'trend' | 'rate' | 'counter' | 'gauge'

/** What the series of one metric differ in. */
export type Tag = 'cpu' | 'resource' | 'mountpoint' | 'device' | 'interface' | 'queue' | 'probe' | 'check' | 'target' | 'statement' | 'command' | 'table' | 'index'

/** What a number means. */
export interface Metric {
  readonly unit: Unit
  readonly kind: MetricKind
  readonly better: 'lower' | 'higher' | 'neither'
  /** One sentence; becomes Prometheus `# HELP` and the documentation. */
  readonly help: string
  /** Other names it goes by where people write thresholds: k6's, Artillery's, the API's. */
  readonly aliases: readonly string[]
  /** There is one series per processor, disk, interface, ...; without it there is one in all. */
  readonly tag?: Tag
  /** Its name in Prometheus where it does not follow from ours, the labels by which one family holds several metrics, and what that family is. */
  readonly prometheus?: { readonly name: string; readonly labels?: Readonly<Record<string, string>>; readonly help?: string }
}

type Extra = Partial<Pick<Metric, 'better' | 'aliases' | 'tag' | 'prometheus'>>

/** Times of single events, of which the distribution matters. */
export const time = (help: string, ...aliases: string[]): Metric => ({ unit: 'ms', kind: 'trend', better: 'lower', help, aliases })
/** A share of events. */
export const share = (better: Metric['better'], help: string, ...aliases: string[]): Metric => ({ unit: 'ratio', kind: 'rate', better, help, aliases })
/** A sum that only grows while a load test runs. */
export const total = (better: Metric['better'], unit: Unit, help: string, ...aliases: string[]): Metric => ({ unit, kind: 'counter', better, help, aliases })
/** What is the case now. */
export const level = (unit: Unit, help: string, ...aliases: string[]): Metric => ({ unit, kind: 'gauge', better: 'neither', help, aliases })
/** What is the case now, with what else there is to say of it. */
export const gauge = (unit: Unit, help: string, extra: Extra = {}): Metric => ({ unit, kind: 'gauge', better: 'neither', help, aliases: [], ...extra })
/** A sum since the system, or the thing counted, began. */
export const counter = (unit: Unit, help: string, extra: Extra = {}): Metric => ({ unit, kind: 'counter', better: 'neither', help, aliases: [], ...extra })
