import { describe, expect, it } from 'vitest'
import { statementKind } from '../../../../src/sources/application/postgres/statement-kind.ts'
import { watchStatements } from '../../../../src/sources/application/postgres/statement-watch.ts'
import { statementsQuestion, type StatementLook } from '../../../../src/sources/application/postgres/statements.ts'

describe('what a statement does', () => {
  it.each<readonly [string, string | null]>([
    ['SELECT 1', 'select'], ['  /* by: "delete" */ -- x\n insert INTO a VALUES ($1)', 'insert'], ['(SELECT 1) UNION (SELECT 2)', 'select'], ['VALUES (1)', 'select'], ['TABLE media', 'select'], ['MERGE INTO a USING b', 'merge'],
    ['WITH a AS (SELECT 1), b AS (DELETE FROM c RETURNING *) UPDATE d SET x = 1', 'update'], ['WITH RECURSIVE a(n) AS (VALUES ($1) UNION SELECT n FROM a) SELECT n FROM a', 'select'], ['(WITH a AS (SELECT 1) SELECT 2)', 'select'],
    ['WITH "odd )" AS (SELECT \')(\' ) DELETE FROM x', 'delete'], ['WITH a AS (SELECT 1 FROM b WHERE', 'other'],
    ['BEGIN', null], ['SET a = 1', null], ['VACUUM media', null], ['COPY media TO STDOUT', null], ['EXPLAIN SELECT 1', null], ['constructor', null], ['', null],
  ])('%j is %s', (text, kind) => expect(statementKind(text)).toBe(kind))
})

const lookOf = (statements: Readonly<Record<string, readonly [calls: number, ms: number]>>, parts: Partial<StatementLook> = {}): StatementLook => ({ resetAt: null, isWhole: true, hiddenCalls: 0, statements: new Map(Object.entries(statements).map(([id, [calls, ms]]) => [id, { calls, ms }])), ...parts })
const HOUR = 3_600_000

function watch() {
  const watched = watchStatements(100)
  watched.learn([['1', 'SELECT a'], ['2', 'SELECT b'], ['3', 'COMMIT']])
  return watched
}

describe('the queries of a window', () => {
  it('are those that ran in it, each with its mean of that time', () => {
    const watched = watch()
    watched.add(lookOf({ 1: [1_000, 1_000_000], 2: [10, 10], 3: [5, 5] }), 0)
    expect(watched.add(lookOf({ 1: [1_002, 1_000_020], 2: [11, 310], 3: [500, 900_000] }), 1_000)).toMatchObject({ ran: 3, avgMs: 320 / 3, slow: 1, slowest: [{ query: 'SELECT b', count: 1, avgMs: 300 }, { query: 'SELECT a', count: 2, avgMs: 10 }] })
  })

  it('are not told of where a counter went back, and all are forgotten where all did', () => {
    const watched = watch()
    watched.add(lookOf({ 1: [10, 100], 2: [10, 100] }), 0)
    expect(watched.add(lookOf({ 1: [1, 10], 2: [12, 140] }), 1_000)).toMatchObject({ ran: 2, slowest: [{ query: 'SELECT b', count: 2, avgMs: 20 }] })
    expect(watched.add(lookOf({ 2: [3, 3] }), 2_000)).toMatchObject({ ran: Number.NaN, avgMs: Number.NaN, slow: Number.NaN, slowest: undefined })
    expect(watched.add(lookOf({ 2: [4, 5] }), 3_000)).toMatchObject({ ran: 1, avgMs: 2 })
  })

  it('that are new count from nothing, but not where only some were told before', () => {
    for (const [isWhole, ran] of [[true, 3], [false, 0]] as const) {
      const watched = watch()
      watched.add(lookOf({ 1: [10, 100] }, { isWhole }), 0)
      expect(watched.unknown(lookOf({ 1: [10, 100], 2: [3, 30] }))).toEqual(['2'])
      watched.learn([['2', 'SELECT b']])
      expect(watched.add(lookOf({ 1: [10, 100], 2: [3, 30] }), 1_000)).toMatchObject({ ran })
    }
  })

  it('are listed for the last half to whole hour', () => {
    const watched = watch()
    for (let minute = 0; minute <= 240; minute++) {
      const { slowest } = watched.add(lookOf({ 1: [minute, minute], 2: [minute < 100 ? minute : 100, 200] }), minute * 60_000)
      const span = slowest?.find(({ query }) => query === 'SELECT a')?.count ?? 0
      if (minute >= 60) expect([span >= 30, span <= HOUR / 60_000]).toEqual([true, true])
      if (minute >= 160) expect(slowest?.map(({ query }) => query)).toEqual(['SELECT a'])
    }
  })
})

describe('the question for statements', () => {
  it.each<readonly [string, string, boolean, boolean]>([['1.7', 'sum(total_time)', false, false], ['1.8', 'sum(total_exec_time)', false, false], ['1.10', 'sum(total_exec_time)', true, true]])('asks version %s for what it has', (version, total, knowsTop, knowsReset) => {
    const question = statementsQuestion({ schema: 'odd"schema', version })
    expect([question.includes(total), question.includes('toplevel'), question.includes('pg_stat_statements_info'), question.includes('"odd""schema".pg_stat_statements(false)')]).toEqual([true, knowsTop, knowsReset, true])
  })
})
