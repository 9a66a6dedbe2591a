import type { Process } from '../../model/process.ts'
import type { Sort } from './view.ts'

type Order =
  /** The greatest first. */
  | { readonly kind: 'number'; readonly of: (process: Process) => number; readonly first: 'greatest' | 'least' }
  | { readonly kind: 'text'; readonly of: (process: Process) => string }

const ORDERS: Readonly<Record<Sort, Order>> = {
  cpu: { kind: 'number', of: ({ cpu }) => cpu, first: 'greatest' },
  memory: { kind: 'number', of: ({ residentBytes }) => residentBytes, first: 'greatest' },
  io: { kind: 'number', of: ({ readRate, writeRate }) => readRate + writeRate, first: 'greatest' },
  pid: { kind: 'number', of: ({ program }) => program.pid, first: 'least' },
  time: { kind: 'number', of: ({ cpuTimeMs }) => cpuTimeMs, first: 'greatest' },
  user: { kind: 'text', of: ({ program }) => program.user },
  name: { kind: 'text', of: ({ program }) => program.name },
}

/** Whether the least comes first: pids and texts do so by nature, other numbers when reversed. */
export function isAscending(sort: Sort, reversed: boolean): boolean {
  const order = ORDERS[sort]
  return (order.kind === 'text' || order.first === 'least') !== reversed
}

/**
 * Puts processes in order, in place: numbers from the greatest, pids and texts from the least, the other way round when reversed.
 * What is not known comes last and equals stand by pid, reversed or not, so that idle rows keep their places.
 */
export function sortProcesses(processes: Process[], sort: Sort, reversed: boolean): Process[] {
  const order = ORDERS[sort]
  if (order.kind === 'text') {
    const sign = reversed ? -1 : 1
    const { of } = order
    return processes.sort((one, other) => sign * compareTexts(of(one), of(other)) || one.program.pid - other.program.pid)
  }
  const sign = (order.first === 'least') === reversed ? -1 : 1
  const { of } = order
  return processes.sort((one, other) => {
    const left = of(one)
    const right = of(other)
    if (left === right) return one.program.pid - other.program.pid
    const difference = sign * (left - right)
    if (difference === difference) return difference
    return (Number.isNaN(left) ? 1 : 0) - (Number.isNaN(right) ? 1 : 0) || one.program.pid - other.program.pid
  })
}

/** By letters in any case; a locale would cost more than the whole table may. */
function compareTexts(one: string, other: string): number {
  if (one === other) return 0
  const left = one.toLowerCase()
  const right = other.toLowerCase()
  return left < right ? -1 : left > right ? 1 : 0
}
