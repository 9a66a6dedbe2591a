import { fittingName } from '../baselines/branch-folder.ts'
import { groupsOf } from '../baselines/groups.ts'
import { groupFolder } from '../baselines/kept-baseline.ts'
import { keepCopy, readShelf, remove } from '../baselines/shelf.ts'
import { report, type Report } from '../model/report.ts'
import { plain, plural } from '../model/text.ts'
import { baselineFolder, builtBranch, shownPath, tellStrays } from './baseline-place.ts'
import { usage, type BaselineContext } from './baseline-run.ts'
import { showVerdicts, subjectOf } from './baseline-shape.ts'

/** `baseline promote [BRANCH]`: the rolling runs of a branch, as they are now, become its frozen yardstick in place of the one before. */
export async function promoteBaseline({ host, config, arguments: [word], flags }: BaselineContext): Promise<Report> {
  const startedAt = host.wallTime()
  if (word !== undefined && flags.branch !== undefined) throw usage('the branch is given twice', 'give it after promote, or with --branch')
  const folder = baselineFolder(host, config, flags.dir)
  const { branch } = await builtBranch(host, word ?? flags.branch)
  const name = flags.name === undefined ? undefined : fittingName(flags.name)
  const { kept, strays } = await readShelf(folder, branch)
  const groups = groupsOf(kept).filter(({ kind, newest }) => kind === 'rolling' && (name === undefined || newest.facts.name === name))
  const told = tellStrays(host, strays)
  const removed: string[] = []
  for (const { runs, newest } of groups) {
    const before = kept.filter(({ facts }) => facts.kind === 'frozen' && groupFolder(facts) === groupFolder(newest.facts))
    for (const run of runs) await keepCopy(folder, run, { kind: 'frozen', savedAt: startedAt.toISOString() }, host.files)
    await remove(folder, before)
    removed.push(...before.map(({ path }) => shownPath(host, path)))
  }
  const count = groups.reduce((sum, { runs }) => sum + runs.length, 0)
  return report({
    command: 'baseline',
    title: count === 0 ? `nothing of ${plain(branch, 80)} to promote` : `${plural(count, 'run')} of ${plain(branch, 80)} frozen as its yardstick`,
    verdict: count === 0 ? 'unknown' : told.findings.length > 0 ? 'warn' : 'ok',
    data: { action: 'promote', folder: shownPath(host, folder), branch, promoted: count, removed },
    findings: [
      ...(count === 0 ? [{ id: 'baseline:none', verdict: 'unknown' as const, title: `there are no rolling runs of ${plain(branch, 80)} in ${shownPath(host, folder)}`, hint: `save some: medianest-perf baseline save FILE... --branch ${plain(branch, 80)}` }] : []),
      ...told.findings,
    ],
    tables: count === 0 ? [] : [{ title: 'Frozen', columns: [{ label: 'What', isMain: true }, { label: 'Runs', align: 'right' }, { label: 'Verdicts' }], rows: groups.map(({ runs, newest }) => [subjectOf(newest.facts), runs.length, showVerdicts(runs)]) }],
    notes: [...(removed.length === 0 ? [] : [`${plural(removed.length, 'frozen run')} of before removed`]), ...told.notes],
    startedAt, finishedAt: host.wallTime(),
  })
}
