import { fittingName } from '../baselines/branch-folder.ts'
import { beyond, groupsOf } from '../baselines/groups.ts'
import type { KeptBaseline } from '../baselines/kept-baseline.ts'
import { readShelf, remove } from '../baselines/shelf.ts'
import type { Host } from '../host.ts'
import { report, type Report } from '../model/report.ts'
import { plain, plural } from '../model/text.ts'
import { baselineFolder, showAge, shownPath, tellStrays } from './baseline-place.ts'
import { usage, type BaselineContext } from './baseline-run.ts'
import { groupShape, subjectOf } from './baseline-shape.ts'
import { answerOf, isSomebodyThere } from './person.ts'

/** `baseline prune`: removes what is too many, too old or of a branch; only what it recognises, and only when somebody says yes. */
export async function pruneBaselines({ host, config, flags }: BaselineContext): Promise<Report> {
  const startedAt = host.wallTime()
  const { keep, olderThan, branch, name, frozen } = flags
  if (keep === undefined && olderThan === undefined && branch === undefined) throw usage('baseline prune is not told what to remove', 'say how many stay (--keep 20), how old they may be (--older-than 30d) or whose they are (--branch feature/search)')
  const folder = baselineFolder(host, config, flags.dir)
  const { kept, strays } = await readShelf(folder, branch === undefined ? undefined : fittingName(branch))
  const meant = kept.filter(({ facts }) => (frozen || facts.kind === 'rolling') && (name === undefined || facts.name === fittingName(name)))
  const isOld = ({ at }: KeptBaseline): boolean => olderThan !== undefined && startedAt.getTime() - at > olderThan
  const surplus = new Set(keep === undefined ? [] : beyond(meant, keep))
  const chosen = keep === undefined && olderThan === undefined ? meant : meant.filter((each) => surplus.has(each) || isOld(each))
  const agreed = chosen.length > 0 && (flags.yes || (await agrees(host, chosen, folder)))
  if (agreed) await remove(folder, chosen)

  const told = tellStrays(host, strays)
  const groups = groupsOf(chosen)
  return report({
    command: 'baseline',
    title: chosen.length === 0 ? 'nothing to remove' : agreed ? `${plural(chosen.length, 'run')} removed` : `nothing was removed; ${plural(chosen.length, 'run')} would have gone`,
    verdict: told.findings.length > 0 ? 'warn' : 'ok',
    interrupted: host.interrupts.drain.aborted ? (host.interrupts.drain.reason as 'SIGINT' | 'SIGTERM') : undefined, // the reason is the signal's name
    data: { action: 'prune', folder: shownPath(host, folder), removed: agreed ? groups.map((group) => groupShape(host, group)) : [], kept: kept.length - (agreed ? chosen.length : 0) },
    findings: told.findings,
    tables: chosen.length === 0 ? [] : [{
      title: agreed ? 'Removed' : 'Would have gone',
      columns: [{ label: 'Branch' }, { label: 'Kind' }, { label: 'Runs', align: 'right' }, { label: 'Oldest', align: 'right' }, { label: 'What', isMain: true }],
      rows: groups.map(({ kind, runs, newest }) => [plain(newest.facts.branch, 60), kind, runs.length, `${showAge(startedAt.getTime() - (runs[0]?.at ?? newest.at))} ago`, subjectOf(newest.facts)]),
    }],
    notes: [...(agreed || chosen.length === 0 ? [] : ['nothing was removed']), `${plural(kept.length - (agreed ? chosen.length : 0), 'run')} left in ${shownPath(host, folder)}`, ...told.notes],
    startedAt, finishedAt: host.wallTime(),
  })
}

/** Asks the person at the terminal. Throws UserError `USAGE` where nobody can be asked. */
async function agrees(host: Host, chosen: readonly KeptBaseline[], folder: string): Promise<boolean> {
  const branches = [...new Set(chosen.map(({ facts }) => plain(facts.branch, 60)))]
  const what = `${plural(chosen.length, 'run')} of ${branches.slice(0, 3).join(', ')}${branches.length > 3 ? ` and ${branches.length - 3} more` : ''} in ${shownPath(host, folder)}`
  if (!isSomebodyThere(host)) throw usage(`this would remove ${what}, and nobody can be asked here: nothing was removed`, 'say so with --yes')
  return /^y(es)?$/i.test(await answerOf(host, `Remove ${what}? [y/N] `))
}
