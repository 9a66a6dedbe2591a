import { onlyInconclusive } from '../model/finding.ts'
import type { Report } from '../model/report.ts'
import { worst } from '../model/verdict.ts'

/** What stands in a comparison's report beside the comparison itself. */
export type Addition = Partial<Pick<Report, 'findings' | 'facts' | 'tables' | 'notes' | 'data'>>

/** A report of a comparison with more in it: findings that were added turn its verdict as its own do, a fact takes the place of one of the same label. */
export function withAdditions(told: Report, additions: readonly Addition[]): Report {
  const findings = [...additions.flatMap((each) => each.findings ?? []), ...told.findings]
  const added = additions.flatMap((each) => each.facts ?? [])
  const verdict = worst([told.verdict, ...findings.map((finding) => finding.verdict)])
  return {
    ...told,
    verdict,
    isInconclusive: onlyInconclusive(findings),
    findings,
    data: Object.assign({ ...told.data }, ...additions.map((each) => each.data ?? {})) as Report['data'], // records joined are a record
    facts: [...told.facts.map((fact) => added.find(({ label }) => label === fact.label) ?? fact), ...added.filter(({ label }) => !told.facts.some((fact) => fact.label === label))],
    tables: [...told.tables, ...additions.flatMap((each) => each.tables ?? [])],
    notes: [...told.notes, ...additions.flatMap((each) => each.notes ?? [])],
  }
}
