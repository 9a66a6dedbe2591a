import { fittingName } from '../baselines/branch-folder.ts'
import { groupsOf } from '../baselines/groups.ts'
import { readShelf } from '../baselines/shelf.ts'
import { report, type Report } from '../model/report.ts'
import { plain, plural } from '../model/text.ts'
import { baselineFolder, otherBranches, showAge, shownPath, tellStrays } from './baseline-place.ts'
import type { BaselineContext } from './baseline-run.ts'
import { groupShape, showCommit, showEnvironment, showVerdicts, subjectOf } from './baseline-shape.ts'

/** `baseline list`: what is kept. */
export async function listBaselines({ host, config, flags }: BaselineContext): Promise<Report> {
  const startedAt = host.wallTime()
  const folder = baselineFolder(host, config, flags.dir)
  const branch = flags.branch === undefined ? undefined : fittingName(flags.branch)
  const { kept, strays } = await readShelf(folder, branch)
  const others = branch !== undefined && kept.length === 0 ? await otherBranches(folder, branch) : null
  const groups = groupsOf(kept)
  const told = tellStrays(host, strays)
  return report({
    command: 'baseline',
    title: `${kept.length === 0 ? 'no baselines' : plural(kept.length, 'run')}${branch === undefined ? '' : ` of ${plain(branch, 80)}`} in ${shownPath(host, folder)}`,
    verdict: told.findings.length > 0 ? 'warn' : 'ok',
    data: { action: 'list', folder: shownPath(host, folder), baselines: groups.map((group) => groupShape(host, group)), broken: strays.filter(({ is }) => is === 'broken').map(({ path, why }) => ({ file: shownPath(host, path), why })) },
    findings: told.findings,
    tables: groups.length === 0 ? [] : [{
      title: 'Baselines',
      columns: [{ label: 'Branch' }, { label: 'Kind' }, { label: 'Runs', align: 'right' }, { label: 'Newest', align: 'right' }, { label: 'Commit', isSpare: true }, { label: 'Verdicts' }, { label: 'What', isMain: true }, { label: 'Measured on', isSpare: true }],
      rows: groups.map(({ kind, runs, newest }) => [
        plain(newest.facts.branch, 60), kind, runs.length, `${showAge(startedAt.getTime() - newest.at)} ago`, showCommit(newest.facts.commit), showVerdicts(runs), subjectOf(newest.facts), showEnvironment(newest.facts),
      ]),
    }],
    notes: [
      ...(others ? [`there are some of ${others.shown}${others.near === undefined ? '' : `; did you mean "${others.near}"?`}`] : kept.length === 0 ? [`save one with: medianest-perf baseline save FILE... --branch ${plain(branch ?? 'main', 80)}`] : []),
      ...told.notes,
    ],
    startedAt, finishedAt: host.wallTime(),
  })
}
