import { readFile, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'

/** What is built: the branch and the commit, null where that is not known. */
export interface Revision {
  readonly branch: string | null
  readonly commit: string | null
}

type Env = Readonly<Record<string, string | undefined>>

const COMMIT = /^[0-9a-f]{7,64}$/

/** What is built here: by the variables of GitHub and GitLab, else by git's files from `cwd` upwards. Of a pull request it is the branch that wants in, never the one it wants into. */
export async function revision(env: Env, cwd: string): Promise<Revision> {
  const git = await gitRevision(cwd)
  const isTag = env['GITHUB_REF_TYPE'] === 'tag'
  const commit = [env['GITHUB_SHA'], env['CI_COMMIT_SHA'], git.commit ?? undefined].find((word) => word !== undefined && COMMIT.test(word))
  // A fork's main that wants into main is not main.
  const source = [env['GITHUB_HEAD_REF'], env['CI_MERGE_REQUEST_SOURCE_BRANCH_NAME']].find((name) => name)
  const request = source !== undefined && source === targetBranch(env) ? (env['GITHUB_REF_NAME'] || env['CI_MERGE_REQUEST_REF_PATH']) : source
  const branch = request || (isTag ? undefined : env['GITHUB_REF_NAME']) || env['CI_COMMIT_BRANCH'] || git.branch
  return { branch, commit: commit ?? null }
}

/** The branch that a pull or merge request wants into; null outside of one. */
export function targetBranch(env: Env): string | null {
  return env['GITHUB_BASE_REF'] || env['CI_MERGE_REQUEST_TARGET_BRANCH_NAME'] || null
}

/** What git has checked out at or above a folder, by its files alone (gitrepository-layout(5)); worktrees and submodules too. */
export async function gitRevision(cwd: string): Promise<Revision> {
  const folder = await gitFolder(resolve(cwd))
  const head = folder === null ? null : await firstLine(join(folder, 'HEAD'))
  if (folder === null || head === null) return { branch: null, commit: null }
  const ref = /^ref:\s*(\S.*)$/.exec(head)?.[1]
  if (ref === undefined) return { branch: null, commit: COMMIT.test(head) ? head : null }
  // With reftable, HEAD holds a name that nobody can have.
  const branch = ref.startsWith('refs/heads/') && ref !== 'refs/heads/.invalid' ? ref.slice('refs/heads/'.length) : null
  return { branch, commit: branch === null || ref.split('/').includes('..') ? null : await commitOf(ref, folder) }
}

async function gitFolder(from: string): Promise<string | null> {
  for (let at = from; ; at = dirname(at)) {
    const path = join(at, '.git')
    const found = await stat(path).catch(() => null)
    if (found?.isDirectory()) return path
    if (found?.isFile()) {
      const to = /^gitdir:\s*(\S.*)$/.exec((await firstLine(path)) ?? '')?.[1]
      return to === undefined ? null : resolve(at, to)
    }
    if (dirname(at) === at) return null
  }
}

async function commitOf(ref: string, folder: string): Promise<string | null> {
  const shared = resolve(folder, (await firstLine(join(folder, 'commondir'))) ?? '.')
  for (const each of [folder, shared]) {
    const commit = await firstLine(join(each, ref))
    if (commit !== null && COMMIT.test(commit)) return commit
  }
  const packed = await readFile(join(shared, 'packed-refs'), 'utf8').catch(() => '')
  const line = packed.split('\n').find((each) => each.endsWith(` ${ref}`))
  const commit = line?.split(' ')[0] ?? ''
  return COMMIT.test(commit) ? commit : null
}

async function firstLine(path: string): Promise<string | null> {
  return readFile(path, 'utf8').then((content) => content.split('\n', 1)[0]?.trim() || null, () => null)
}
