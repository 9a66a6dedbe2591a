import { readLevel } from '../../health-schema/level.ts'
import type { Collected } from '../../model/source.ts'
import { keepPostgres } from '../../services/postgres-kept.ts'
import { readPostgresPlace } from '../../services/postgres-place.ts'
import { PostgresProblem } from '../../services/postgres-problem.ts'
import { SampleMap } from '../sample-map.ts'
import { figuresQuestion, readFigures, type Figures } from './postgres/figures.ts'
import { writeFigures, writeQueries, writeRelations } from './postgres/database-samples.ts'
import { NOT_LOADED, missingStatements, notPostgres, partProblem, postgresFailure } from './postgres/errors.ts'
import { readRelations, RELATIONS_QUESTION } from './postgres/relations.ts'
import { watchStatements, type QueryFigures } from './postgres/statement-watch.ts'
import { readStatements, readTexts, statementsQuestion, textsQuestion } from './postgres/statements.ts'
import type { OpenSource } from './source-world.ts'

/** For one question unless the configuration says otherwise. */
const TIMEOUT_MS = 10_000
const SLOW_MS = 100

/** A database's figures from PostgreSQL's statistics views: figures, statements and relations are a question each, so that one that fails does not take the others away. */
export const openSource: OpenSource<'postgres'> = (config, terms, world) => {
  const postgres = keepPostgres(() => readPostgresPlace(config, world), config.timeout === undefined ? TIMEOUT_MS : readLevel(config.timeout, 'ms'))
  const watch = watchStatements(config.slow === undefined ? SLOW_MS : readLevel(config.slow, 'ms'))
  let before: { readonly figures: Figures; readonly atMs: number } | null = null

  async function askFigures(signal: AbortSignal): Promise<Figures> {
    const value = await postgres.ask(figuresQuestion(config.application), signal).catch((error: unknown) => {
      throw error instanceof PostgresProblem ? postgresFailure(error) : error
    })
    try {
      return readFigures(value)
    } catch {
      throw notPostgres()
    }
  }

  async function askStatements(installed: NonNullable<Figures['statements']>, signal: AbortSignal): Promise<QueryFigures> {
    const look = readStatements(await postgres.ask(statementsQuestion(installed), signal))
    const atMs = world.now()
    const unknown = watch.unknown(look)
    if (unknown.length > 0) watch.learn(readTexts(await postgres.ask(textsQuestion(installed, unknown), signal)))
    return watch.add(look, atMs)
  }

  return {
    ...terms,
    kind: 'database',
    async collect(signal): Promise<Collected> {
      const [out, problems, notes] = [new SampleMap(), [] as string[], [] as string[]]
      const part = async <T>(what: string, ask: () => Promise<T>): Promise<T | undefined> => {
        try {
          return await ask()
        } catch (error) {
          if (error instanceof PostgresProblem && error.sqlState === NOT_LOADED) notes.push(missingStatements('loaded'))
          else problems.push(partProblem(what, error))
          return undefined
        }
      }

      const figures = await askFigures(signal)
      const atMs = world.now()
      const elapsedMs = before === null ? Number.NaN : atMs - before.atMs
      writeFigures(figures, before?.figures ?? null, elapsedMs, config.poolSize, out)
      before = { figures, atMs }
      if (figures.pool.hidden > 0) notes.push('what the sessions of other users do may not be seen, so not how many work: GRANT pg_read_all_stats to this user (pg_monitor has it)')

      const { statements } = figures
      const queries = statements === null ? undefined : await part('queries', () => askStatements(statements, signal))
      if (statements === null) notes.push(missingStatements('created'))
      if (queries === undefined) watch.restart()
      else writeQueries(queries, elapsedMs, out)
      if (queries?.isPartial === true) notes.push('the queries of other users may not be seen, so not how long queries take: GRANT pg_read_all_stats to this user (pg_monitor has it)')

      const relations = await part('tables and indexes', async () => readRelations(await postgres.ask(RELATIONS_QUESTION, signal)))
      if (relations) writeRelations(relations, out)
      return { samples: out.samples, problems, notes, ...(queries?.slowest === undefined ? {} : { queries: queries.slowest }) }
    },
    close: () => postgres.close(),
  }
}
