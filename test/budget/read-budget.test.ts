import { describe, expect, it } from 'vitest'
import type { BudgetFile, BudgetFormat, BudgetReading } from '../../src/budget/budget-format.ts'
import { budgetFileNames, readBudgetFile } from '../../src/budget/read-budget.ts'

const reading: BudgetReading = { file: 'x', folder: '/', read: () => Promise.reject(new Error('nothing is there')) }

function format(name: BudgetFormat['name'], key: string): BudgetFormat {
  return {
    name, about: `a ${name}`, mark: key, fileNames: [`${key}.yaml`, `${key}.js`],
    recognise: (value) => value !== null && typeof value === 'object' && key in value,
    read: (document): Promise<BudgetFile> => Promise.resolve({ file: document.file, format: name, lines: [], notes: [] }),
  }
}

const FORMATS = [format('medianest', 'bundles'), format('size-limit', 'limit')]
const read = (file: string, text: string): Promise<BudgetFile> => readBudgetFile(file, text, reading, FORMATS)

describe('a budget file', () => {
  it('is recognised by what is in it, as YAML or JSON', async () => {
    expect(await read('a.yaml', 'bundles: {}')).toMatchObject({ file: 'a.yaml', format: 'medianest' })
    expect(await read('b', '\ufeff{"limit": 1}')).toMatchObject({ format: 'size-limit' })
  })

  it.each([
    ['a program', 'lighthouserc.js', 'module.exports = {}', 'BUDGET_SCRIPT', 'none is run'],
    ['empty', 'a.yaml', '', 'EMPTY_BUDGET', 'a.yaml is empty'],
    ['of no known shape', 'a.yaml', 'foo: 1', 'UNKNOWN_BUDGET', 'looked for a medianest (bundles); a size-limit (limit)'],
    ['of two shapes', 'a.yaml', '{bundles: {}, limit: 1}', 'AMBIGUOUS_BUDGET', 'the marks of a medianest and of a size-limit'],
    ['broken', 'a.yaml', 'bundles: [', 'INVALID_DOCUMENT', 'is not valid YAML'],
  ])('that is %s is refused, and says so', async (_, file, text, code, message) => {
    await expect(read(file, text)).rejects.toMatchObject({ code, kind: 'input', message: expect.stringContaining(message) })
  })

  it('is looked for by the names of all formats', () => {
    expect(budgetFileNames(FORMATS)).toEqual(['bundles.yaml', 'bundles.js', 'limit.yaml', 'limit.js'])
  })
})
