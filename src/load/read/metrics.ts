import * as z from 'zod/mini'
import type { Position } from '../../model/error.ts'
import { METRICS, metricNamed, metricNames, type MetricKind } from '../../model/metric.ts'
import type { Unit } from '../../model/unit.ts'
import { invalidValue, unknownMetric } from './errors.ts'
import type { Spot } from './spot.ts'

/** `metrics:` of a scenario: names and kinds beyond the catalogue. */
export const metricsSchema = z.record(z.string(), z.enum(['trend', 'rate', 'counter', 'gauge']))

/** What a scenario may call a metric: the catalogue and its own declarations. */
export interface MetricBook {
  /** Declarations that the catalogue does not have already. */
  readonly declared: Readonly<Record<string, MetricKind>>
  /** The metric's name in the plan, its kind and unit; undefined for a stranger. */
  find(name: string): KnownMetric | undefined
  /** The same. Throws UserError `UNKNOWN_METRIC` with the nearest name. */
  need(name: string, where: Position): KnownMetric
}

export interface KnownMetric {
  readonly name: string
  readonly kind: MetricKind
  readonly unit: Unit
  /** Whether steps may feed it; the others are measured. */
  readonly fed: boolean
}

const UNITS: Readonly<Record<MetricKind, Unit>> = { trend: 'ms', rate: 'ratio', counter: 'count', gauge: 'count' }
/** Families of the catalogue that only steps can fill. */
const FED = /^(db|cache|service)\./

const NAME = /^[A-Za-z_][\w.-]{0,127}$/

/** Reads declarations. Throws UserError `INVALID_VALUE` for a name that cannot be one, or a catalogue name of another kind. */
export function readMetrics(declarations: Readonly<Record<string, MetricKind>> | undefined, spot: Spot): MetricBook {
  const declared = new Map<string, MetricKind>()
  for (const [name, kind] of Object.entries(declarations ?? {})) {
    if (!NAME.test(name)) throw invalidValue(spot.at(name), 'must have a name of letters, digits, dots, hyphens and underscores', name)
    const known = metricNamed(name)
    if (known === undefined) declared.set(name, kind)
    else if (METRICS[known].kind !== kind) throw invalidValue(spot.at(name), `must be ${METRICS[known].kind}, because "${name}" is a name of the built-in metric ${known}`, kind, 'correct the kind or choose another name')
  }
  const find = (name: string): KnownMetric | undefined => {
    const known = metricNamed(name)
    if (known !== undefined) return { name: known, kind: METRICS[known].kind, unit: METRICS[known].unit, fed: FED.test(known) }
    const kind = declared.get(name)
    return kind === undefined ? undefined : { name, kind, unit: UNITS[kind], fed: true }
  }
  return {
    declared: Object.fromEntries(declared),
    find,
    need: (name, where) => {
      const metric = find(name)
      if (!metric) throw unknownMetric(name, [...declared.keys(), ...metricNames()], where)
      return metric
    },
  }
}
