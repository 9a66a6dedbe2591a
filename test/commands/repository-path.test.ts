import { expect, it } from 'vitest'
import { nameInRepository } from '../../src/commands/repository-path.ts'

it.each<[string, Record<string, string>, string, string, string | undefined]>([
  ['below the top of a repository on GitHub', { GITHUB_WORKSPACE: '/repo' }, '/repo/apps/web', 'budget.yaml', 'apps/web/budget.yaml'],
  ['below the top of a project on GitLab', { CI_PROJECT_DIR: '/repo/' }, '/repo/web', './budget.yaml', 'web/budget.yaml'],
  ['at the top', { GITHUB_WORKSPACE: '/repo' }, '/repo', 'web/budget.yaml', 'web/budget.yaml'],
  ['of a folder above', { GITHUB_WORKSPACE: '/repo' }, '/repo/web', '../budget.yaml', 'budget.yaml'],
  ['named by its whole path', { GITHUB_WORKSPACE: '/repo' }, '/repo/web', '/repo/web/budget.yaml', 'web/budget.yaml'],
  ['outside of the repository', { GITHUB_WORKSPACE: '/repo' }, '/repo/web', '/etc/budget.yaml', '/etc/budget.yaml'],
  ['in a folder whose name begins with dots', { GITHUB_WORKSPACE: '/repo' }, '/repo/..web', 'budget.yaml', '..web/budget.yaml'],
  ['where we run elsewhere', { GITHUB_WORKSPACE: '/repo' }, '/repository', 'budget.yaml', undefined],
  ['where no pipeline runs', {}, '/repo', 'budget.yaml', undefined],
  ['where the folder of the pipeline is none', { GITHUB_WORKSPACE: '.' }, '/repo', 'budget.yaml', undefined],
])('a file %s', (_, env, cwd, file, name) => {
  expect(nameInRepository({ env, cwd })?.(file)).toBe(name)
})
