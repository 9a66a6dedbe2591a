import type { Alert } from './report.ts'
import type { MetricName } from './metric.ts'
import type { Process } from './process.ts'

/** Values of metrics at one instant, each series by its tag; a metric with one series has the empty tag. Nothing is there that is not known. */
export type Samples = ReadonlyMap<MetricName, ReadonlyMap<string, number>>

/** One look at a system. What two looks at its counters say (`analysis/derive.ts`) is among the samples when there was a look before. */
export interface Snapshot {
  /** Wall clock, milliseconds since 1970. */
  readonly at: number
  /** Monotonic milliseconds since the look before; NaN for the first. */
  readonly elapsedMs: number
  readonly samples: Samples
  /** The processes; null where they are not looked at. */
  readonly processes: ProcessTable | null
  /** What only an instance with an application has. */
  readonly application: Application | null
  /** Alerts that the source itself has open. */
  readonly alerts: readonly Alert[]
}

export interface ProcessTable {
  /** When the processes were looked at, which may be an earlier tick: milliseconds since 1970. */
  readonly at: number
  /** How many there are; `rows` may hold fewer. */
  readonly total: number
  readonly rows: readonly Process[]
}

/** Lists of an application that are no single figures; figures are among the samples (`api.*`, `db.*`, `cache.*`, `jobs.*`). */
export interface Application {
  /** `method` may be empty; `errors` is a share; counts, means and shares that are not known are NaN. */
  readonly endpoints: readonly { readonly method: string; readonly path: string; readonly count: number; readonly avgMs: number; readonly errors: number }[]
  readonly queries: readonly { readonly query: string; readonly count: number; readonly avgMs: number }[]
}

/** What hardly ever changes about a system. */
export interface SystemFacts {
  readonly host: string
  /** `Debian 12`. */
  readonly os: string
  readonly platform: string
  readonly arch: string
  readonly kernel: string
  readonly node: string
  readonly cpuModel: string
  readonly cores: number
  /** `docker`, `podman`, `kubernetes`, `lxc`, ... or null on a machine of its own. */
  readonly container: string | null
  /** How each disk, interface and file system is to be taken. */
  readonly filesystems: Readonly<Record<string, { readonly device: string; readonly type: string }>>
}

/** The value of a series; NaN where it is not known. */
export function valueOf({ samples }: Pick<Snapshot, 'samples'>, metric: MetricName, tag = ''): number {
  return samples.get(metric)?.get(tag) ?? Number.NaN
}

/** The tags of a metric's series, in the order of the source. */
export function tagsOf({ samples }: Pick<Snapshot, 'samples'>, metric: MetricName): string[] {
  return [...(samples.get(metric)?.keys() ?? [])]
}
