import type { Alert } from '../model/report.ts'
import type { Application, ProcessTable, Samples, SystemFacts } from '../model/snapshot.ts'
import { readNumber } from './figure.ts'
import { bodies, textOf, timeOf, under } from './body.ts'

/** What one answer of an instance says, in our nouns; null and empty for what it does not say. */
export interface Reading {
  /** Milliseconds since 1970. */
  readonly at: number | null
  readonly samples: Samples
  readonly processes: ProcessTable | null
  readonly application: Application | null
  readonly facts: SystemFacts | null
  readonly alerts: readonly Alert[]
  /** What was before, oldest first. */
  readonly backfill: readonly { readonly at: number; readonly samples: Samples }[]
  /** Whether the samples are all there are: the instance speaks our own shape. */
  readonly isWhole: boolean
  /** What the instance says of the answer itself; empty where it says nothing. */
  readonly note: string
}

/** A reading that says nothing but what is given. */
export function reading(parts: Partial<Reading> & Pick<Reading, 'samples'>): Reading {
  return { at: null, processes: null, application: null, facts: null, alerts: [], backfill: [], isWhole: false, note: '', ...parts }
}

/** Facts of which nothing is known but what is given. */
export function facts(parts: Partial<SystemFacts>): SystemFacts {
  return { host: '', os: '', platform: '', arch: '', kernel: '', node: '', cpuModel: '', cores: Number.NaN, container: null, filesystems: {}, ...parts }
}

const LEVELS: Readonly<Record<string, Alert['level']>> = { info: 'info', notice: 'info', warning: 'warning', warn: 'warning', critical: 'critical', error: 'critical', fatal: 'critical', emergency: 'critical' }

/** An alert in the documented shape, or one near to it; null where there is no message. */
export function readAlert(value: unknown): (Alert & { readonly at: number | null }) | null {
  const message = textOf(under(value, 'message'), 300)
  if (message === '') return null
  const figure = (key: string): { [key: string]: number } => {
    const number = readNumber(under(value, key))
    return Number.isNaN(number) ? {} : { [key]: number }
  }
  const level = LEVELS[textOf(under(value, 'level'), 20).toLowerCase()] ?? LEVELS[textOf(under(value, 'severity'), 20).toLowerCase()] ?? 'warning'
  const metric = textOf(under(value, 'metric'), 60) || textOf(under(value, 'component'), 60)
  return { level, metric, message, ...figure('value'), ...figure('threshold'), ...figure('peak'), ...figure('overAt'), at: timeOf(under(value, 'timestamp')) }
}

/** The alerts of a list, at most 100. */
export function readAlerts(value: unknown): Alert[] {
  return bodies(value, 100).flatMap((each) => {
    const alert = readAlert(each)
    if (!alert) return []
    const { at: _, ...rest } = alert
    return [rest]
  })
}
