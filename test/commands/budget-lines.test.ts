import { describe, expect, it } from 'vitest'
import type { BudgetFile } from '../../src/budget/budget-format.ts'
import { linesOf } from '../../src/commands/budget-files.ts'
import { limit, line } from '../analysis/budget/lines.ts'

const budget = (file: string, parts: Partial<BudgetFile> = {}): BudgetFile => ({ file, format: 'medianest', notes: [], lines: [line([limit('<=', 1)], { id: 'bundles:total', title: 'total (raw)' })], ...parts })
const idsOf = (files: readonly BudgetFile[], cwd = '/srv/app'): string[] => linesOf(files, undefined, { cwd, top: '/srv/app' }).map(({ id }) => id)

describe('the name of a line, by which baselines are kept', () => {
  it.each([
    ['of the repository\'s own budget', [budget('budget.yaml')], '/srv/app', ['bundles:total']],
    ['of one in a folder', [budget('web/budget.yaml')], '/srv/app', ['web/bundles:total']],
    ['of the same from inside the folder', [budget('budget.yaml')], '/srv/app/web', ['web/bundles:total']],
    ['of two, in any order', [budget('web/budget.yaml'), budget('api/budget.yaml')], '/srv/app', ['web/bundles:total', 'api/bundles:total']],
    ['of the other order', [budget('api/budget.yaml'), budget('web/budget.yaml')], '/srv/app', ['api/bundles:total', 'web/bundles:total']],
    ['of a preset, wherever', [budget('preset goals', { isPreset: true })], '/srv/app/web', ['bundles:total']],
    ['of two in one folder', [budget('budget.yaml'), budget('other.yaml')], '/srv/app', ['bundles:total (budget.yaml)', 'bundles:total (other.yaml)']],
  ])('%s says where it belongs', (_, files, cwd, ids) => {
    expect(idsOf(files, cwd)).toEqual(ids)
  })

  it('tells two of one title apart', () => {
    expect(linesOf([budget('web/budget.yaml'), budget('api/budget.yaml')], undefined, { cwd: '/srv/app', top: '/srv/app' }).map(({ title }) => title)).toEqual(['total (raw) (web/budget.yaml)', 'total (raw) (api/budget.yaml)'])
  })

  it('refuses a budget that is named twice, however it is spelled', () => {
    expect(() => idsOf([budget('budget.yaml'), budget('./budget.yaml')])).toThrow(/\.\/budget\.yaml is named twice/)
  })
})
