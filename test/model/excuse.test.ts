import { expect, test } from 'vitest'
import { showExcuse } from '../../src/model/excuse.ts'
import type { Excuse } from '../../src/model/health.ts'

const until = new Date('2026-03-01T14:00:30Z')

test.each<[Excuse | undefined, number, string | undefined]>([
  [undefined, 1, undefined],
  [{ kind: 'dependency', on: 'database' }, 0, 'not checked because of database'],
  [{ kind: 'dependency', on: 'data\nbase' }, 2, 'not counted because of data base'],
  [{ kind: 'maintenance', window: 'backup', until }, 1, 'in maintenance (backup) until 2026-03-01 14:00 UTC'],
  [{ kind: 'maintenance', window: '', until: new Date(Number.NaN) }, 1, 'in maintenance'],
])('%j after %i attempts is "%s"', (excuse, attempts, text) => {
  expect(showExcuse({ excuse, attempts })).toBe(text)
})
