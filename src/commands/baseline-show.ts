import { groupsOf, type Group } from '../baselines/groups.ts'
import { fittingName } from '../baselines/branch-folder.ts'
import { groupFolder } from '../baselines/kept-baseline.ts'
import { readShelf } from '../baselines/shelf.ts'
import { COMPARE_RULES } from '../analysis/compare/rules.ts'
import { report, type Report } from '../model/report.ts'
import { plain, plural } from '../model/text.ts'
import { baselineFolder, lookedAtBranch, showAge, shownPath, tellStrays } from './baseline-place.ts'
import { usage, type BaselineContext } from './baseline-run.ts'
import { groupShape, showEnvironment, showVerdicts, subjectOf } from './baseline-shape.ts'
import { historyOf, LEAST_RUNS } from './baseline-history.ts'
import { yardstickAddition } from './compare-against.ts'
import type { Addition } from './compare-additions.ts'
import { progressAddition } from './compare-progress.ts'
import { keptSide, readKept } from './kept-side.ts'

/** `baseline show [BRANCH]`: the course of a branch's runs, their band of noise and where they changed, and how far they have come since the frozen ones. Information, not a gate. */
export async function showBaseline({ host, config, arguments: [word], flags }: BaselineContext): Promise<Report> {
  const startedAt = host.wallTime()
  if (word !== undefined && flags.branch !== undefined) throw usage('the branch is given twice', 'give it after show, or with --branch')
  const folder = baselineFolder(host, config, flags.dir)
  const branch = await lookedAtBranch(host, word ?? flags.branch)
  const name = flags.name === undefined ? undefined : fittingName(flags.name)
  const { kept, strays } = await readShelf(folder, branch)
  const groups = groupsOf(kept.filter(({ facts }) => name === undefined || facts.name === name))
  // The frozen runs of a group stand beside its rolling ones; those without any are shown by themselves.
  const partner = (group: Group): Group | undefined => groups.find((other) => other.kind !== group.kind && groupFolder(other.newest.facts) === groupFolder(group.newest.facts))
  const shown = groups.filter((group) => group.kind === 'rolling' || !partner(group))

  const parts: Part[] = []
  for (const group of shown) {
    const history = historyOf(group, await readKept(host, group.runs), flags.gate, shown.length > 1 ? `${subjectOf(group.newest.facts)}: ` : '')
    const frozen = group.kind === 'rolling' ? partner(group) : undefined
    const additions: Addition[] = []
    if (frozen) {
      const [then, now] = [await keptSide(host, frozen.runs, `the ${plural(frozen.runs.length, 'frozen run')}`), await keptSide(host, group.runs, `the ${plural(group.runs.length, 'rolling run')}`)]
      additions.push(yardstickAddition(then, now, history.keys, COMPARE_RULES), progressAddition(then, now))
    }
    parts.push({ group, history, additions, frozen })
  }
  const told = tellStrays(host, strays)
  const short = parts.filter(({ group }) => group.runs.length < LEAST_RUNS)
  const place = shownPath(host, folder)
  return report({
    command: 'baseline',
    title: shown.length === 0 ? `no baseline of ${plain(branch, 80)}` : `baseline of ${plain(branch, 80)}`,
    verdict: shown.length === 0 ? 'unknown' : told.findings.length > 0 ? 'warn' : 'ok',
    data: { action: 'show', folder: place, branch, baselines: parts.map(({ group, history, additions }) => ({ ...groupShape(host, group), figures: history.data, ...Object.assign({}, ...additions.map(({ data }) => data)) as object })) }, // records joined are a record
    findings: [
      ...(shown.length === 0 ? [{ id: 'baseline:none', verdict: 'unknown' as const, title: `there is no baseline of ${plain(branch, 80)} in ${place}`, hint: `save one: medianest-perf baseline save FILE... --branch ${plain(branch, 80)}` }] : []),
      ...told.findings,
    ],
    facts: parts.flatMap(({ group: { kind, runs, newest }, frozen }) => [
      { label: 'What', value: subjectOf(newest.facts) },
      { label: 'Runs', value: `${plural(runs.length, `${kind} run`)}, the newest ${showAge(startedAt.getTime() - newest.at)} old${frozen ? `; beside ${plural(frozen.runs.length, 'frozen run')}` : ''}` },
      { label: 'Verdicts', value: showVerdicts(runs) ?? 'not judged' },
      { label: 'Environment', value: showEnvironment(newest.facts) },
    ]),
    tables: parts.flatMap(({ history, additions }) => [...history.tables, ...additions.flatMap(({ tables }) => tables ?? [])]),
    charts: parts.flatMap(({ history }) => history.charts).slice(0, MOST_CHARTS),
    notes: [
      ...(shown.length === 0 ? [] : ['bands and changes are information: they turn no verdict']),
      ...short.map(({ group }) => `a band of noise and changes need ${LEAST_RUNS} runs; of ${subjectOf(group.newest.facts)} there ${group.runs.length === 1 ? 'is' : 'are'} ${group.runs.length}`),
      ...new Set(parts.flatMap(({ history, additions }) => [...history.notes, ...additions.flatMap(({ notes }) => notes ?? [])])),
      ...told.notes,
    ],
    startedAt, finishedAt: host.wallTime(),
  })
}

interface Part {
  readonly group: Group
  readonly history: ReturnType<typeof historyOf>
  readonly additions: readonly Addition[]
  readonly frozen: Group | undefined
}

const MOST_CHARTS = 4
