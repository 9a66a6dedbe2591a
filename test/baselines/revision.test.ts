import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { gitRevision, revision, targetBranch } from '../../src/baselines/revision.ts'

const COMMIT = '0123456789abcdef0123456789abcdef01234567'
const OTHER = 'fedcba9876543210fedcba9876543210fedcba98'

function folder(content: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'medianest-git-'))
  for (const [path, text] of Object.entries(content)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  return root
}

describe('what is built', () => {
  it.each<[string, Readonly<Record<string, string>>, string, { branch: string | null; commit: string | null }]>([
    ['a branch', { '.git/HEAD': 'ref: refs/heads/feature/search\n', '.git/refs/heads/feature/search': `${COMMIT}\n` }, '.', { branch: 'feature/search', commit: COMMIT }],
    ['a folder further down', { '.git/HEAD': 'ref: refs/heads/main\n', '.git/refs/heads/main': COMMIT, 'src/deep/file': '' }, 'src/deep', { branch: 'main', commit: COMMIT }],
    ['packed refs', { '.git/HEAD': 'ref: refs/heads/main\n', '.git/packed-refs': `# pack-refs with: peeled\n${OTHER} refs/heads/feature/main\n${COMMIT} refs/heads/main\n` }, '.', { branch: 'main', commit: COMMIT }],
    ['a detached head', { '.git/HEAD': `${COMMIT}\n` }, '.', { branch: null, commit: COMMIT }],
    ['a branch without a commit', { '.git/HEAD': 'ref: refs/heads/new\n' }, '.', { branch: 'new', commit: null }],
    ['a worktree', { 'main/.git/worktrees/w/HEAD': 'ref: refs/heads/w\n', 'main/.git/worktrees/w/commondir': '../..\n', 'main/.git/refs/heads/w': COMMIT, 'w/.git': 'gitdir: ../main/.git/worktrees/w\n' }, 'w', { branch: 'w', commit: COMMIT }],
    ['refs in tables, whose names are elsewhere', { '.git/HEAD': 'ref: refs/heads/.invalid\n' }, '.', { branch: null, commit: null }],
    ['a name that leads out', { '.git/HEAD': 'ref: refs/heads/../../../secret\n', secret: COMMIT }, '.', { branch: '../../../secret', commit: null }],
    ['a broken head', { '.git/HEAD': '' }, '.', { branch: null, commit: null }],
  ])('git: %s', async (_, content, at, expected) => {
    expect(await gitRevision(join(folder(content), at))).toEqual(expected)
  })

  const main = { '.git/HEAD': 'ref: refs/heads/main\n', '.git/refs/heads/main': COMMIT }
  it.each<[string, Record<string, string>, string | null, string | null]>([
    ['no CI', {}, 'main', COMMIT],
    ['a push on GitHub', { GITHUB_REF_NAME: 'release', GITHUB_REF_TYPE: 'branch', GITHUB_SHA: OTHER }, 'release', OTHER],
    ['a pull request on GitHub, which is not its target', { GITHUB_REF_NAME: '12/merge', GITHUB_HEAD_REF: 'fix', GITHUB_BASE_REF: 'main' }, 'fix', COMMIT],
    ['the main of a fork, which is not main', { GITHUB_REF_NAME: '12/merge', GITHUB_HEAD_REF: 'main', GITHUB_BASE_REF: 'main' }, '12/merge', COMMIT],
    ['the main of a fork on GitLab', { CI_MERGE_REQUEST_REF_PATH: 'refs/merge-requests/1/head', CI_MERGE_REQUEST_SOURCE_BRANCH_NAME: 'main', CI_MERGE_REQUEST_TARGET_BRANCH_NAME: 'main' }, 'refs/merge-requests/1/head', COMMIT],
    ['a tag on GitHub', { GITHUB_REF_NAME: 'v1.0', GITHUB_REF_TYPE: 'tag' }, 'main', COMMIT],
    ['a push on GitLab', { CI_COMMIT_BRANCH: 'dev', CI_COMMIT_SHA: OTHER }, 'dev', OTHER],
    ['a merge request on GitLab', { CI_MERGE_REQUEST_SOURCE_BRANCH_NAME: 'fix', CI_MERGE_REQUEST_TARGET_BRANCH_NAME: 'main' }, 'fix', COMMIT],
    ['a commit that is none', { GITHUB_REF_NAME: 'x', GITHUB_SHA: 'rm -rf' }, 'x', COMMIT],
  ])('%s', async (_, env, branch, commit) => {
    expect(await revision(env, folder(main))).toEqual({ branch, commit })
  })

  it('what a pull request wants into is known by itself', () => {
    expect([targetBranch({ GITHUB_BASE_REF: 'main' }), targetBranch({ CI_MERGE_REQUEST_TARGET_BRANCH_NAME: 'dev' }), targetBranch({ GITHUB_BASE_REF: '' })]).toEqual(['main', 'dev', null])
  })
})
