import type { Group } from '../baselines/groups.ts'
import type { KeptBaseline } from '../baselines/kept-baseline.ts'
import type { Cell } from '../model/report.ts'
import { plain, plural } from '../model/text.ts'
import type { Host } from '../host.ts'
import { shownPath } from './baseline-place.ts'

/** A kept run as JSON has it. */
export function runShape(host: Pick<Host, 'cwd'>, { path, facts, at }: KeptBaseline): Readonly<Record<string, unknown>> {
  const { commit, savedAt, source } = facts
  return { file: shownPath(host, path), measuredAt: new Date(at).toISOString(), savedAt, commit, source: source.file, verdict: source.verdict, partial: source.partial }
}

/** A group of kept runs as JSON has it. */
export function groupShape(host: Pick<Host, 'cwd'>, { kind, runs, newest: { facts } }: Group): Readonly<Record<string, unknown>> {
  const { branch, name, format, plan, environment } = facts
  return { branch, name, kind, format, plan, environment, runs: runs.map((run) => runShape(host, run)) }
}

/** What a group is of, for people: `medianest "checkout", plan 1a2b3c4d`. */
export function subjectOf({ format, name, plan }: KeptBaseline['facts']): string {
  // A hash says no more when it is whole.
  const short = plan === null ? '' : `, plan ${/^[0-9a-f]{16,}$/.test(plan) ? plan.slice(0, 8) : plain(plan, 40)}`
  return `${plain(format, 40)}${name === null ? '' : ` "${plain(name, 40)}"`}${short}`
}

/** Where it was measured, for people. */
export function showEnvironment({ environment: { cpu, cores, os } }: KeptBaseline['facts']): string {
  const parts = [cpu === null ? null : plain(cpu, 60), cores === null ? null : plural(cores, 'core'), os === null ? null : plain(os, 40)].filter((part) => part !== null)
  return parts.length === 0 ? 'not known' : parts.join(', ')
}

/** How runs ended by their own thresholds, the worst in its colour: `1 fail, 4 ok`. */
export function showVerdicts(runs: readonly KeptBaseline[]): Cell {
  const words = (['fail', 'unknown', 'warn', 'ok', null] as const).map((verdict) => ({ verdict, count: runs.filter(({ facts }) => facts.source.verdict === verdict).length })).filter(({ count }) => count > 0)
  const [first] = words
  if (first === undefined || first.verdict === null) return null
  return { text: words.map(({ verdict, count }) => `${runs.length === 1 ? '' : `${count} `}${verdict ?? 'not judged'}`).join(', '), tone: first.verdict }
}

/** The beginning of a commit. */
export function showCommit(commit: string | null): string | null {
  return commit === null ? null : plain(commit, 80).slice(0, 10)
}
