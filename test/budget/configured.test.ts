import { describe, expect, it } from 'vitest'
import { own } from '../../src/budget/own.ts'
import { configOf } from '../health/configuration.ts'

describe('budgets of a configuration', () => {
  it('are files, named from where it is', async () => {
    expect((await configOf({ '/srv/app/medianest-perf.yaml': 'budgets: [budget.yaml, ci/api.yaml]' })).budgets).toEqual({ kind: 'files', files: ['/srv/app/budget.yaml', '/srv/app/ci/api.yaml'] })
  })

  it('or stand in it, with their places', async () => {
    const { budgets } = await configOf({ '/srv/app/medianest-perf.yaml': 'budgets:\n  bundles:\n    main.js: 1MB\n' })
    if (budgets?.kind !== 'inline') throw new Error('not inline')
    const { lines } = await own.read(budgets.document, { file: budgets.document.file, folder: budgets.folder, read: () => Promise.reject(new Error('none')) })
    expect(lines[0]).toMatchObject({ id: 'bundles:main.js', where: { line: 3 }, subjects: [{ root: '/srv/app' }] })
  })

  it('are checked with the configuration', async () => {
    await expect(configOf({ '/srv/app/medianest-perf.yaml': 'budgets: {bundels: {}}' })).rejects.toMatchObject({ code: 'UNKNOWN_KEY', hint: 'did you mean "bundles"?' })
  })

  it('are none where it is silent', async () => {
    expect((await configOf({})).budgets).toBeNull()
  })
})
