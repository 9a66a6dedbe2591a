import type { Process } from '../../model/process.ts'
import { readBytes, readCount, readDuration, readPercent, readRate } from './filter-quantity.ts'

/** One way to write a number, and what of a process it is compared with. */
export interface Scale {
  /** What such a number looks like, for people. */
  readonly like: string
  /** In the unit of `of`; NaN where the text is no such number. */
  readonly read: (text: string) => number
  /** NaN where it is not known. */
  readonly of: (process: Process, at: number) => number
}

/** Something of a process that a filter can ask for. */
export type FilterField = {
  readonly names: readonly [string, ...string[]]
  readonly about: string
  readonly examples: readonly string[]
} & (
  | { readonly kind: 'number'; readonly scales: readonly [Scale, ...Scale[]] }
  | { readonly kind: 'text'; readonly of: (process: Process) => string }
  | { readonly kind: 'letter'; readonly of: (process: Process) => string }
  | { readonly kind: 'flag'; readonly of: (process: Process) => boolean }
)

// Rounded far below what anybody types, so that 0.029 is 2.9 % and not a little more.
const percent = (of: Scale['of']): Scale => ({ like: '30 or 30%', read: readPercent, of: (process, at) => Math.round(of(process, at) * 1e8) / 1e6 })
const bytes = (of: Scale['of']): Scale => ({ like: '200M, 200MB or 1GiB', read: readBytes, of })
const rate = (of: Scale['of']): Scale => ({ like: '500K or 1MB', read: readRate, of })
const count = (of: Scale['of']): Scale => ({ like: '12', read: readCount, of })
const duration = (of: Scale['of']): Scale => ({ like: '90s or 5m', read: readDuration, of })

/** All that a filter can ask for, in the order of the documentation. */
export const FILTER_FIELDS: readonly FilterField[] = [
  { kind: 'number', names: ['cpu'], about: 'percent of one core, as the table shows it: 0.3 is 0.3 %, and 250 is two and a half cores', examples: ['cpu>30', 'cpu<=0.3%'], scales: [percent(({ cpu }) => cpu)] },
  { kind: 'number', names: ['mem', 'memory'], about: 'percent of the memory this system may use, or resident bytes when there is a unit of bytes', examples: ['mem>5%', 'mem>200M'], scales: [percent(({ memory }) => memory), bytes(({ residentBytes }) => residentBytes)] },
  { kind: 'number', names: ['rss', 'res'], about: 'resident memory in bytes; a bare K, M or G is a power of 1024, as in the table', examples: ['rss>200M', 'rss>1GiB'], scales: [bytes(({ residentBytes }) => residentBytes)] },
  { kind: 'number', names: ['io'], about: 'bytes per second read from and written to disks together', examples: ['io>1M'], scales: [rate(({ readRate: read, writeRate: write }) => read + write)] },
  { kind: 'number', names: ['read'], about: 'bytes per second read from disks', examples: ['read>0'], scales: [rate(({ readRate: read }) => read)] },
  { kind: 'number', names: ['write'], about: 'bytes per second written to disks', examples: ['write>=500K'], scales: [rate(({ writeRate: write }) => write)] },
  { kind: 'number', names: ['pid'], about: 'the number of the process', examples: ['pid=3121'], scales: [count(({ program }) => program.pid)] },
  { kind: 'number', names: ['ppid', 'parent'], about: 'the number of the process that started it', examples: ['ppid=1'], scales: [count(({ parent }) => parent)] },
  { kind: 'number', names: ['threads', 'thr'], about: 'how many threads it has', examples: ['threads>10'], scales: [count(({ threads }) => threads)] },
  { kind: 'number', names: ['time'], about: 'processor time since it began; a bare number counts seconds', examples: ['time>5m'], scales: [duration(({ cpuTimeMs }) => cpuTimeMs)] },
  { kind: 'number', names: ['age'], about: 'how long ago it began; a bare number counts seconds', examples: ['age<1h30m'], scales: [duration(({ program }, at) => at - program.startedAt)] },
  { kind: 'letter', names: ['state'], about: 'one letter as in `ps`: R runs, S sleeps, D waits for a device, T is stopped, Z is a zombie, I is idle', examples: ['state:R', 'state!=S'], of: ({ state }) => state },
  { kind: 'text', names: ['user'], about: 'whom it belongs to', examples: ['user:root', 'user=root'], of: ({ program }) => program.user },
  { kind: 'text', names: ['name'], about: 'its short name', examples: ['name:node', 'name~^(node|nginx)$'], of: ({ program }) => program.name },
  { kind: 'text', names: ['command', 'cmd'], about: 'its command line with the arguments', examples: ['command:"--cluster"'], of: ({ program }) => program.command },
  { kind: 'text', names: ['container', 'ctr'], about: 'the container it runs in; empty outside of all', examples: ['container:db', 'container!=""'], of: ({ program }) => program.container ?? '' },
  { kind: 'flag', names: ['kernel'], about: 'a thread of the kernel; it stands alone', examples: ['not kernel'], of: ({ program }) => program.isKernel },
]

/** The field of that name, in any case; undefined where there is none. */
export function filterField(name: string): FilterField | undefined {
  return FIELD_OF.get(name.toLowerCase())
}

const FIELD_OF: ReadonlyMap<string, FilterField> = new Map(FILTER_FIELDS.flatMap((field) => field.names.map((name) => [name, field] as const)))
