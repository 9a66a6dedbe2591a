import type { SourceConfigOf } from '../../collect-schema/schema.ts'
import type { QueryConfig } from '../../collect-schema/stores.ts'
import { readLevel } from '../../health-schema/level.ts'
import { UserError } from '../../model/error.ts'
import type { MetricName } from '../../model/metric.ts'
import { plain } from '../../model/text.ts'
import { PostgresProblem } from '../../services/postgres-problem.ts'
import { NetworkProblem } from '../../services/problem.ts'
import { SampleMap } from '../sample-map.ts'
import { allFailed, noQuestions, outOfRange } from './business/errors.ts'
import { promqlQuestion } from './business/promql.ts'
import type { Question } from './business/question.ts'
import { redisQuestion } from './business/redis.ts'
import { sqlQuestion } from './business/sql.ts'
import type { OpenSource, SourceWorld } from './source-world.ts'

/** For all questions, which are asked at once, unless the configuration says otherwise. */
const TIMEOUT_MS = 10_000

type Key = 'processingFailures' | 'userErrors' | 'processingTime' | 'activeUsers' | 'backlog'

interface Range {
  readonly most: number
  readonly words: string
  readonly hint: string
}
const SHARE: Range = { most: 1, words: 'a share from 0 to 1', hint: 'divide what failed by all there was; a percentage by 100' }
const TIME: Range = { most: Number.MAX_VALUE, words: 'a time in milliseconds', hint: 'it is 0 or more' }
const COUNT: Range = { most: Number.MAX_VALUE, words: 'a number of things', hint: 'it is 0 or more' }

const FIGURES: Readonly<Record<Key, { readonly metric: MetricName; readonly range: Range }>> = {
  processingFailures: { metric: 'business.processing_failures', range: SHARE },
  userErrors: { metric: 'business.user_errors', range: SHARE },
  processingTime: { metric: 'business.processing_time', range: TIME },
  activeUsers: { metric: 'business.active_users', range: COUNT },
  backlog: { metric: 'business.backlog', range: COUNT },
}
const KEYS = Object.keys(FIGURES) as Key[] // the keys of the table above

/** What the people who run the application count, a question each, all asked at once; one that fails does not take the others away. */
export const openSource: OpenSource<'business'> = (config, terms, world) => {
  const timeoutMs = config.timeout === undefined ? TIMEOUT_MS : readLevel(config.timeout, 'ms')
  const questions = KEYS.flatMap((key) => (config[key] === undefined ? [] : [{ key, ...FIGURES[key], question: questionOf(key, config[key], world, timeoutMs) }]))
  if (questions.length === 0) throw noQuestions(KEYS)
  return {
    ...terms,
    kind: 'business',
    async collect(signal) {
      const out = new SampleMap()
      const problems: string[] = []
      await Promise.all(questions.map(async ({ key, metric, range, question }) => {
        try {
          out.set(metric, within(range, await question.ask(signal)))
        } catch (error) {
          problems.push(`${key}: ${reasonOf(error)}`)
        }
      }))
      problems.sort()
      if (problems.length === questions.length) throw allFailed(problems)
      return { samples: out.samples, problems }
    },
    close: async () => void (await Promise.all(questions.map(({ question }) => question.close()))),
  }
}

function questionOf(key: Key, query: NonNullable<SourceConfigOf<'business'>[Key]> & QueryConfig, world: SourceWorld, timeoutMs: number): Question {
  if ('sql' in query) return sqlQuestion(key, query, world, timeoutMs)
  if ('redis' in query) return redisQuestion(key, query, world)
  return promqlQuestion(key, query, world, timeoutMs)
}

/** NaN is nothing, and stays so. */
function within({ most, words, hint }: Range, value: number): number {
  if (value < 0 || value > most) throw outOfRange(value, words, hint)
  return value
}

// What is no problem of a service or a configuration is our mistake; it must not take the other figures away either.
function reasonOf(error: unknown): string {
  if (error instanceof PostgresProblem && error.sqlState === '25006') return 'its SQL would write, and may only read'
  const hint = error instanceof UserError || error instanceof PostgresProblem || error instanceof NetworkProblem ? error.hint : undefined
  const message = error instanceof Error ? plain(error.message, 400) : 'no reason was told'
  return hint === undefined ? message : `${message}; ${hint}`
}
