import { relative } from 'node:path'
import { fittingName } from '../baselines/branch-folder.ts'
import { branchNotKnown } from '../baselines/errors.ts'
import { revision, targetBranch } from '../baselines/revision.ts'
import { readShelf, type Stray } from '../baselines/shelf.ts'
import type { Config } from '../config.ts'
import type { Host } from '../host.ts'
import type { Finding } from '../model/finding.ts'
import { nearest } from '../model/nearest.ts'
import { plain } from '../model/text.ts'
import { showDuration } from '../model/unit.ts'

type Place = Pick<Host, 'env' | 'cwd' | 'files'>

const DEFAULT_FOLDER = '.medianest-perf/baselines'
const DAY_MS = 86_400_000

/** The folder of baselines, absolute: the one that was named, else beside the project's configuration, else here. */
export function baselineFolder({ files }: Pick<Host, 'files'>, { folder }: Pick<Config, 'folder'>, named: string | undefined): string {
  return named === undefined ? files.resolve(folder ?? '.', DEFAULT_FOLDER) : files.resolve(named)
}

/** The branch that is built, and its commit. Throws UserError `BRANCH_NOT_KNOWN`. */
export async function builtBranch({ env, cwd }: Place, named: string | undefined): Promise<{ readonly branch: string; readonly commit: string | null }> {
  const { branch, commit } = await revision(env, cwd)
  const found = named ?? branch
  if (found === null) throw branchNotKnown()
  return { branch: fittingName(found), commit }
}

/** The branch that is looked at: the one that was named, of a pull request the one it wants into, else what is built. Throws UserError `BRANCH_NOT_KNOWN`. */
export async function lookedAtBranch(place: Place, named: string | undefined): Promise<string> {
  return (await builtBranch(place, named ?? targetBranch(place.env) ?? undefined)).branch
}

/** A path as a person here would write it. */
export function shownPath({ cwd }: Pick<Host, 'cwd'>, path: string): string {
  const short = relative(cwd, path)
  return plain(short === '' ? '.' : short.startsWith('..') ? path : short, 300)
}

/** How long ago something was: `3d`, `2h 05m`. */
export function showAge(ms: number): string {
  return ms >= 2 * DAY_MS ? `${Math.floor(ms / DAY_MS)}d` : showDuration(Math.max(60_000, Math.round(ms / 60_000) * 60_000))
}

/** The branches of which something is kept, for a look that found nothing, and the one that may have been meant; null where nothing is kept at all. Names are safe to show. */
export async function otherBranches(folder: string, branch: string): Promise<{ readonly shown: string; readonly near: string | undefined } | null> {
  const others = [...new Set((await readShelf(folder)).kept.map(({ facts }) => facts.branch))].filter((other) => other !== branch)
  if (others.length === 0) return null
  const near = nearest(branch, others)
  return { shown: `${others.slice(0, 5).map((each) => plain(each, 60)).join(', ')}${others.length > 5 ? ` and ${others.length - 5} more` : ''}`, near: near === undefined ? undefined : plain(near, 80) }
}

/** What is told of files that are no baselines: what is broken warns, what is somebody else's is a note. */
export function tellStrays(host: Pick<Host, 'cwd'>, strays: readonly Stray[]): { readonly findings: Finding[]; readonly notes: string[] } {
  const told = (is: Stray['is']): string[] => strays.filter((stray) => stray.is === is).map(({ path, why }) => `${shownPath(host, path)}: ${why}`)
  return {
    findings: told('broken').map((each) => ({ id: `broken:${each.split(': ')[0] ?? ''}`, verdict: 'warn', title: `a baseline cannot be used: ${each}`, hint: 'remove it, or save that run again' })),
    notes: told('foreign').slice(0, 10).map((each) => `left alone: ${each}`),
  }
}
