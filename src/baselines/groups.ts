import { groupFolder, type KeptBaseline } from './kept-baseline.ts'

/** Runs of one kind that may be compared with each other: the oldest first. */
export interface Group {
  readonly kind: 'rolling' | 'frozen'
  readonly runs: readonly KeptBaseline[]
  /** One of them, for what they have in common. */
  readonly newest: KeptBaseline
}

/** What is kept by branch, what it is of, and kind; the rolling ones of a group before its frozen ones. */
export function groupsOf(kept: readonly KeptBaseline[]): Group[] {
  const byKey = new Map<string, KeptBaseline[]>()
  for (const each of kept) {
    const key = [each.facts.branch, groupFolder(each.facts), each.facts.kind === 'rolling' ? '1' : '2'].join('\n')
    byKey.set(key, [...(byKey.get(key) ?? []), each])
  }
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, runs]) => {
    const newest = runs.at(-1)
    return newest ? [{ kind: newest.facts.kind, runs, newest }] : []
  })
}

/** The rolling runs beyond the newest `most` of each group, by when they were saved: what was saved last stays, whenever it was measured. */
export function beyond(kept: readonly KeptBaseline[], most: number): KeptBaseline[] {
  return groupsOf(kept.filter(({ facts }) => facts.kind === 'rolling')).flatMap(({ runs }) =>
    runs.toSorted((a, b) => b.facts.savedAt.localeCompare(a.facts.savedAt) || b.at - a.at).slice(most))
}
