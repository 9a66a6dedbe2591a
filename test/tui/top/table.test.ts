import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Process } from '../../../src/model/process.ts'
import type { TableRow } from '../../../src/tui/top/screen.ts'
import { parseFilter } from '../../../src/tui/top/filter-parser.ts'
import { startView } from '../../../src/tui/top/start-view.ts'
import { tableRows } from '../../../src/tui/top/table.ts'
import { SORTS, type Sort } from '../../../src/tui/top/view.ts'
import { process, tableOf } from './processes.ts'

const view = startView({})
const pids = (rows: readonly TableRow[]): number[] => rows.map((row) => row.process.program.pid)
const picture = (rows: readonly TableRow[]): string[] => rows.map((row) => `${row.branch}${row.process.program.pid}`)
const family = (...pairs: readonly (readonly [pid: number, parent: number, parts?: Partial<Omit<Process, 'program'>>])[]): Process[] => pairs.map(([pid, parent, parts]) => process({ ...parts, parent, program: { pid, name: `p${pid}` } }))

describe('the order of processes', () => {
  const rows = [
    process({ program: { pid: 5, user: 'root', name: 'Zed' }, cpu: 0.1, residentBytes: 3, cpuTimeMs: 9, readRate: 5, writeRate: 5 }),
    process({ program: { pid: 9, user: 'app', name: 'awk' }, cpu: Number.NaN, residentBytes: 2, cpuTimeMs: 8, readRate: Number.NaN, writeRate: Number.NaN }),
    process({ program: { pid: 2, user: 'App', name: 'init' }, cpu: 0.1, residentBytes: 1, cpuTimeMs: 10, readRate: 0, writeRate: 11 }),
    process({ program: { pid: 1, user: 'root', name: 'bash' }, cpu: 2.5, residentBytes: 4, cpuTimeMs: 7, readRate: 0, writeRate: 0 }),
  ]

  it.each<[Sort, number[], number[]]>([
    ['cpu', [1, 2, 5, 9], [2, 5, 1, 9]], ['memory', [1, 5, 9, 2], [2, 9, 5, 1]], ['io', [2, 5, 1, 9], [1, 5, 2, 9]], ['pid', [1, 2, 5, 9], [9, 5, 2, 1]],
    ['time', [2, 5, 9, 1], [1, 9, 5, 2]], ['user', [2, 9, 1, 5], [1, 5, 2, 9]], ['name', [9, 1, 2, 5], [5, 2, 1, 9]],
  ])('by %s: what is not known is last and equals stand by pid, reversed or not', (sort, forwards, backwards) => {
    expect(pids(tableRows(tableOf(...rows), { ...view, sort }))).toEqual(forwards)
    expect(pids(tableRows(tableOf(...rows), { ...view, sort, reversed: true }))).toEqual(backwards)
  })

  it('leaves the table it came from as it was', () => {
    const table = tableOf(...rows)
    tableRows(table, view)
    expect(table.rows.map(({ program }) => program.pid)).toEqual([5, 9, 2, 1])
    expect(tableRows(null, view)).toEqual([])
  })

  it('does not depend on the order in which the system names them', () => {
    const number = fc.constantFrom(0, 0.5, 1, Number.NaN)
    const some = fc.uniqueArray(fc.record({ pid: fc.nat(30), cpu: number, readRate: number, writeRate: number, parent: fc.nat(30) }), { selector: ({ pid }) => pid, maxLength: 20 })
    fc.assert(fc.property(some, fc.constantFrom(...SORTS), fc.boolean(), fc.boolean(), (parts, sort, reversed, tree) => {
      const made = parts.map(({ pid, ...rest }) => process({ ...rest, program: { pid } }))
      const chosen = { ...view, sort, reversed, tree: tree && parts.every(({ pid, parent }) => parent < pid) }
      expect(pids(tableRows(tableOf(...made.toReversed()), chosen))).toEqual(pids(tableRows(tableOf(...made), chosen)))
    }))
  })
})

describe('the tree of processes', () => {
  const tree = { ...view, tree: true, sort: 'cpu' as const }
  const rows = family([1, 0], [10, 1, { cpu: 0.1 }], [20, 1, { cpu: 0.9 }], [11, 10], [12, 10, { cpu: 0.5 }], [21, 20], [99, 77])

  it('has children below their parents, siblings in order', () => {
    expect(picture(tableRows(tableOf(...rows), tree))).toEqual(['1', '├─ 20', '│  └─ 21', '└─ 10', '   ├─ 12', '   └─ 11', '99'])
  })

  it('is drawn without Unicode where there is none', () => {
    expect(picture(tableRows(tableOf(...rows), tree, false))).toEqual(['1', '|- 20', '|  `- 21', '`- 10', '   |- 12', '   `- 11', '99'])
  })

  it('keeps the ancestors of what a filter matches, and nothing else', () => {
    expect(picture(tableRows(tableOf(...rows), { ...tree, filter: parseFilter('pid=12 or pid=99') }))).toEqual(['1', '└─ 10', '   └─ 12', '99'])
    expect(pids(tableRows(tableOf(...rows), { ...tree, tree: false, filter: parseFilter('pid=12 or pid=99') }))).toEqual([12, 99])
  })

  it('begins a circle with its first, and takes a process that is its own parent for a root', () => {
    expect(picture(tableRows(tableOf(...family([5, 6], [6, 7], [7, 5], [8, 8])), { ...tree, sort: 'pid' }))).toEqual(['8', '5', '└─ 7', '   └─ 6'])
  })

  it('shows every process once, whatever the parents say', () => {
    const some = fc.array(fc.tuple(fc.nat(12), fc.nat(12)), { maxLength: 20 })
    fc.assert(fc.property(some, fc.constantFrom(...SORTS), (pairs, sort) => {
      const made = family(...pairs)
      const shown = tableRows(tableOf(...made), { ...tree, sort })
      expect(new Set(shown.map((row) => row.process))).toEqual(new Set(made))
      expect(shown).toHaveLength(made.length)
    }))
  })

  it('survives a chain of many thousand forks', () => {
    const chain = family(...Array.from({ length: 20_000 }, (_, index) => [index + 1, index] as const))
    const shown = tableRows(tableOf(...chain), { ...tree, sort: 'pid' })
    expect(shown).toHaveLength(20_000)
    expect(shown.at(-1)?.branch.length).toBeLessThan(200)
  })
})
