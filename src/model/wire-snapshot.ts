import * as z from 'zod/mini'
import { METRICS, type Metric, type MetricName } from './metric.ts'
import type { Process } from './process.ts'
import type { Application, ProcessTable, Samples, Snapshot, SystemFacts } from './snapshot.ts'
import { plain } from './text.ts'

const MOST_SAMPLES = 20_000
const MOST_ROWS = 2_000

const text = z.catch(z.string(), '')
const number = z.catch(z.number(), Number.NaN)
/** Milliseconds since 1970 that `Date` knows in every time zone. */
const instant = z.number().check(z.gte(0), z.lte(8e15))

const Row = z.object({
  pid: z.int(), name: text, command: text, user: text, uid: number, container: z.catch(z.nullable(z.string()), null), kernel: z.catch(z.boolean(), false), started: z.catch(instant, Number.NaN),
  parent: number, state: text, threads: number, cpu: number, time: number, resident: number, memory: number, read: number, write: number,
})

const Table = z.object({ at: instant, total: z.number(), rows: z.array(z.unknown()) })

const Lists = z.object({
  endpoints: z.catch(z.array(z.object({ method: text, path: text, count: number, avgMs: number, errors: number })), []),
  queries: z.catch(z.array(z.object({ query: text, count: number, avgMs: number })), []),
})

const Facts = z.object({
  host: z.string(), os: text, platform: text, arch: text, kernel: text, node: text, cpuModel: text, cores: number, container: z.catch(z.nullable(z.string()), null),
  filesystems: z.catch(z.record(z.string(), z.object({ device: text, type: text })), {}),
})

/**
 * What `serve` adds to the documented fields of an answer or event: every sample as `[metric, tag, value]`, and the processes.
 * What is not known (NaN) is not sent.
 */
export interface WireSnapshot {
  readonly elapsedMs?: number
  readonly samples: readonly (readonly [metric: string, tag: string, value: number])[]
  readonly processes?: { readonly at: number; readonly total: number; readonly rows: readonly Readonly<Record<string, unknown>>[] }
  readonly application?: Application
}

/** Figures as they are read from the wire. */
export interface WireReading {
  readonly elapsedMs: number
  readonly samples: Samples
  readonly processes: ProcessTable | null
  readonly application: Application | null
}

/** A snapshot for the wire, values rounded to what can be seen; at most `rows` processes, in the order given. Of a command line only the program's name is told unless `commandLines`: arguments hold secrets. */
export function writeWireSnapshot(snapshot: Snapshot, { rows = 500, commandLines = false }: { readonly rows?: number; readonly commandLines?: boolean } = {}): WireSnapshot {
  const samples: [string, string, number][] = []
  for (const [metric, series] of snapshot.samples)
    for (const [tag, value] of series) if (Number.isFinite(value) && samples.length < MOST_SAMPLES) samples.push([metric, tag, rounded(metric, value)])
  const { processes, application, elapsedMs } = snapshot
  return {
    ...(Number.isFinite(elapsedMs) ? { elapsedMs: thousandths(elapsedMs) } : {}),
    samples,
    ...(processes ? { processes: { at: processes.at, total: processes.total, rows: processes.rows.slice(0, rows).map((process) => writeRow(process, commandLines)) } } : {}),
    ...(application ? { application } : {}),
  }
}

/** Reads what `writeWireSnapshot` wrote; null where the value has no `samples`. Metrics this version does not know are left out. */
export function readWireSnapshot(value: unknown): WireReading | null {
  if (typeof value !== 'object' || value === null || !('samples' in value) || !Array.isArray(value.samples)) return null
  const fields: { samples: unknown[]; elapsedMs?: unknown; processes?: unknown; application?: unknown } = { ...value, samples: value.samples }
  return {
    elapsedMs: typeof fields.elapsedMs === 'number' && fields.elapsedMs > 0 ? fields.elapsedMs : Number.NaN,
    samples: readSamples(fields.samples),
    processes: readTable(fields.processes),
    application: readLists(fields.application),
  }
}

/** Facts for the wire; numbers that are not known become null. */
export function writeWireFacts(facts: SystemFacts): Readonly<Record<string, unknown>> {
  return { ...facts, cores: Number.isFinite(facts.cores) ? facts.cores : null }
}

/** Reads what `writeWireFacts` wrote; null where it is something else. */
export function readWireFacts(value: unknown): SystemFacts | null {
  const { data } = z.safeParse(Facts, value)
  if (!data) return null
  const filesystems = Object.entries(data.filesystems).slice(0, 500).map(([mount, { device, type }]) => [plain(mount, 200), { device: plain(device, 200), type: plain(type, 50) }] as const)
  return {
    host: plain(data.host, 100), os: plain(data.os, 100), platform: plain(data.platform, 50), arch: plain(data.arch, 50), kernel: plain(data.kernel, 100), node: plain(data.node, 50),
    cpuModel: plain(data.cpuModel, 100), cores: data.cores, container: data.container === null ? null : plain(data.container, 50), filesystems: Object.fromEntries(filesystems),
  }
}

function readSamples(entries: readonly unknown[]): Samples {
  const samples = new Map<MetricName, Map<string, number>>()
  for (const entry of entries.slice(0, MOST_SAMPLES)) {
    if (!Array.isArray(entry)) continue
    const [metric, tag, value] = entry as readonly unknown[]
    if (typeof metric !== 'string' || !Object.hasOwn(METRICS, metric) || typeof tag !== 'string' || typeof value !== 'number' || !Number.isFinite(value)) continue
    // The line above has found it in the catalogue.
    const name = metric as MetricName
    const series = samples.get(name)
    if (series) series.set(plain(tag, 200), value)
    else samples.set(name, new Map([[plain(tag, 200), value]]))
  }
  return samples
}

function writeRow({ program, ...process }: Process, commandLines: boolean): Readonly<Record<string, unknown>> {
  const row = {
    pid: program.pid, name: program.name, command: commandLines ? plain(program.command, 1_000) : program.name, user: program.user, uid: program.uid, container: program.container ?? undefined, kernel: program.isKernel || undefined, started: program.startedAt,
    parent: process.parent, state: process.state, threads: process.threads, cpu: fourDigits(process.cpu), time: Math.round(process.cpuTimeMs), resident: process.residentBytes,
    memory: fourDigits(process.memory), read: Math.round(process.readRate), write: Math.round(process.writeRate),
  }
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined && !Number.isNaN(value)))
}

function readTable(value: unknown): ProcessTable | null {
  const { data } = z.safeParse(Table, value)
  if (!data) return null
  return { at: data.at, total: data.total, rows: data.rows.slice(0, MOST_ROWS).flatMap(readRow) }
}

function readRow(value: unknown): Process[] {
  const { data } = z.safeParse(Row, value)
  if (!data) return []
  const container = data.container === null ? null : plain(data.container, 100)
  return [{
    program: { pid: data.pid, name: plain(data.name, 100), command: plain(data.command, 1_000), user: plain(data.user, 50), uid: data.uid, container, isKernel: data.kernel, startedAt: data.started },
    parent: data.parent, state: plain(data.state, 1), threads: data.threads, cpu: data.cpu, cpuTimeMs: data.time, residentBytes: data.resident, memory: data.memory, readRate: data.read, writeRate: data.write,
  }]
}

function readLists(value: unknown): Application | null {
  const { data } = z.safeParse(Lists, value)
  if (!data) return null
  return {
    endpoints: data.endpoints.slice(0, 200).map((each) => ({ ...each, method: plain(each.method, 10), path: plain(each.path, 200) })),
    queries: data.queries.slice(0, 200).map((each) => ({ ...each, query: plain(each.query, 500) })),
  }
}

// Sums keep their thousandths, or rates of two looks would be wrong; levels need no more digits than can be seen.
function rounded(name: MetricName, value: number): number {
  const metric: Metric = METRICS[name]
  if (Number.isInteger(value)) return value
  return metric.kind === 'counter' ? thousandths(value) : Number(value.toPrecision(6))
}
const thousandths = (value: number): number => Math.round(value * 1_000) / 1_000
const fourDigits = (value: number): number => Number(value.toPrecision(4))
