import { setTimeout as pause } from 'node:timers/promises'
import type { ConfigOf } from '../../health-schema/schema.ts'
import type { Outcome } from '../../model/health.ts'
import { plain } from '../../model/text.ts'
import { showDuration } from '../../model/unit.ts'
import { openPostgres, quoteText, type PostgresSession } from '../../services/postgres.ts'
import { inquiryOf, type Inquiry } from '../../services/postgres-inquiry.ts'
import { readPostgresPlace } from '../../services/postgres-place.ts'
import { PostgresProblem } from '../../services/postgres-problem.ts'
import { isLocalPostgres, type PostgresTarget } from '../../services/postgres-target.ts'
import { newestBackup, type Backup } from '../backup.ts'
import { judge, readLevels } from '../levels.ts'
import type { Look } from '../look.ts'
import { askForBackup } from '../postgres/backup-query.ts'
import { figuresQuestion, OLDEST_VERSION, readFigures, type PostgresFigures } from '../postgres/figures.ts'
import { NOTHING, type Findings } from '../postgres/findings.ts'
import { lookAtMigrations, migrationTables } from '../postgres/migration-table.ts'
import { judgeReplication, replicaLagMs } from '../postgres/replication.ts'
import { judgeConnections, judgeTransactions } from '../postgres/sessions.ts'
import { outcomeOf, type Remark } from '../remark.ts'
import type { HealthWorld } from '../world.ts'

const RESPONSE_MS = { warning: 500, critical: 2_000 }
const BACKUP_AGE_MS = { warning: 26 * 3_600_000, critical: 50 * 3_600_000 }
/** How far the clock of a file server may be ahead. */
const AHEAD_MS = 5 * 60_000
/** What is kept back of the time of questions, so that the server says itself what took too long. */
const LAST_WORDS_MS = 200
/** How long a replica may take to replay what it had when it was asked. */
const REPLAY_MS = 250

/** A PostgreSQL: whether it answers, is what it should be, and has room; its replication, transactions, migrations and last backup. */
export const look: Look<'postgres'> = async (config, { world, signal, timeoutMs }) => {
  const lastWords = Math.min(LAST_WORDS_MS, timeoutMs / 10)
  const deadlineAt = world.now() + timeoutMs - lastWords
  const { target, pem } = await readPostgresPlace(config, world)

  const timeUp = new AbortController()
  const timer = setTimeout(() => timeUp.abort(), timeoutMs)
  const found: Findings[] = []
  // Wanted all the more where the database is gone.
  const backup = config.backup?.file === undefined ? undefined : newestBackup(config.backup.file, world, Math.max(1, timeoutMs - 2 * lastWords))
  let session: PostgresSession | undefined
  let responseTimeMs: number | undefined
  try {
    const startedAt = world.now()
    session = await openPostgres(target, pem, AbortSignal.any([signal, timeUp.signal]))
    const connectedAt = world.now()
    await session.ask('SELECT 1')
    responseTimeMs = world.now() - startedAt
    found.push(judgeResponse(responseTimeMs, connectedAt - startedAt, session, target, config))
    for await (const findings of questions(config, inquiryOf(session, () => deadlineAt - world.now()), session.version, target, world, deadlineAt)) found.push(findings)
  } catch (error) {
    if (!(error instanceof PostgresProblem)) throw error
    found.push(judgeProblem(error, config, session !== undefined))
  } finally {
    clearTimeout(timer)
    session?.close()
  }
  if (backup !== undefined) found.push(judgeBackup(await backup, config, world))
  return joined(found, responseTimeMs)
}

async function* questions(config: ConfigOf<'postgres'>, inquiry: Inquiry, version: string, target: PostgresTarget, world: HealthWorld, deadlineAt: number): AsyncGenerator<Findings> {
  const figures = await unlessRefused('its figures', () => askForFigures(config, inquiry, version))
  if ('remarks' in figures) yield figures
  else {
    yield judgeReplication(await withoutHaste(figures, inquiry), config)
    yield judgeConnections(figures, config)
    yield judgeTransactions(figures, target.user, config)
    yield await unlessRefused('the migrations', () => lookAtMigrations(config, figures.tables, inquiry, world, Math.max(1, deadlineAt - world.now() - LAST_WORDS_MS)))
  }
  if (config.backup?.query !== undefined) yield judgeBackup(await askForBackup(config.backup.query, inquiry, world), config, world)
}

async function askForFigures(config: ConfigOf<'postgres'>, inquiry: Inquiry, version: string): Promise<PostgresFigures | Findings> {
  const [major = '0', minor = '0'] = version.split(/[. ]/)
  if (version !== '' && Number.parseInt(major, 10) * 10_000 + Number.parseInt(minor, 10) < OLDEST_VERSION) {
    return { ...NOTHING, remarks: [{ verdict: 'unknown', text: `PostgreSQL ${plain(version, 40)} answers, and is too old to be asked for more`, recommendation: 'update it; versions from 10 on are known' }] }
  }
  const [result] = await inquiry.ask(figuresQuestion(migrationTables(config)))
  try {
    return readFigures(result?.rows[0]?.[0])
  } catch {
    return { ...NOTHING, remarks: [{ verdict: 'fail', text: 'the server answers something else than PostgreSQL would', recommendation: 'check what listens there: a proxy, or a database that only looks like it' }] }
  }
}

// A transaction that has just arrived is not yet replayed, and the one before may be hours old: that is no lag.
async function withoutHaste(figures: PostgresFigures, inquiry: Inquiry): Promise<PostgresFigures> {
  if (figures.isCaughtUp !== false || figures.receivedTo === null || !(replicaLagMs(figures) > REPLAY_MS)) return figures
  await pause(REPLAY_MS)
  const [result] = await inquiry.ask(`SELECT pg_last_wal_replay_lsn() >= ${quoteText(figures.receivedTo)}::pg_lsn`)
  return result?.rows[0]?.[0] === 't' ? { ...figures, isCaughtUp: true } : figures
}

/** Out of memory or disk, an error of the system, corrupted data: the server's trouble and not that of the question. */
const TROUBLE = /^(53|58|XX)/

// What the server does not let us ask is unknown; a connection that is gone is another matter.
async function unlessRefused<T>(what: string, ask: () => Promise<T>): Promise<T | Findings> {
  try {
    return await ask()
  } catch (error) {
    if (!(error instanceof PostgresProblem) || error.sqlState === undefined || error.kind === 'terminated') throw error
    return { ...NOTHING, remarks: [{ verdict: TROUBLE.test(error.sqlState) ? 'fail' : 'unknown', text: `${what} could not be asked for: ${error.message} (${error.sqlState})`, recommendation: error.hint }] }
  }
}

function judgeResponse(totalMs: number, connectMs: number, { version, isTls }: PostgresSession, target: PostgresTarget, config: ConfigOf<'postgres'>): Findings {
  const { measure, remark } = judge({
    name: 'response time', value: totalMs, unit: 'ms', levels: readLevels(config.responseTime, 'ms', RESPONSE_MS), bad: 'above', min: 0,
    say: (time) => `connecting and SELECT 1 took ${time}, ${showDuration(connectMs)} of it to connect`, recommendation: 'look at the load and the disks of the server, and at the way to it',
  })
  const shown = plain(version.split(' ')[0] ?? '', 40)
  const isOpen = !isTls && !isLocalPostgres(target)
  return {
    remarks: [remark], measures: [measure, { name: 'query time', value: totalMs - connectMs, unit: 'ms', min: 0 }],
    details: { version: shown, tls: isTls, ...(isOpen ? { note: 'the connection is not encrypted' } : {}) },
    fine: `PostgreSQL ${shown} answers in ${showDuration(totalMs)}`,
  }
}

const NOT_LOOKED: readonly PostgresProblem['kind'][] = ['not-permitted']

function judgeProblem({ kind, message, hint, sqlState }: PostgresProblem, config: ConfigOf<'postgres'>, wasConnected: boolean): Findings {
  const verdict = NOT_LOOKED.includes(kind) ? 'unknown' : 'fail'
  const database = config.role === 'replica' ? 'replicaDb' : 'primaryDb'
  return {
    remarks: [{ verdict, text: message, recommendation: hint }], measures: [],
    details: { ...(wasConnected ? {} : { connectionPool: verdict === 'fail' ? 'critical' : 'unknown' }), [database]: verdict === 'fail' ? 'disconnected' : 'unknown', reason: kind, ...(sqlState === undefined ? {} : { sqlState }) },
  }
}

function judgeBackup({ at, name, sizeBytes, remarks }: Backup, config: ConfigOf<'postgres'>, world: HealthWorld): Findings {
  if (at === null) return { remarks, measures: [], details: { lastBackup: null } }
  const what = `the last backup${name === undefined ? '' : ` ${name}`}`
  const age = world.wallTime().getTime() - at
  const { measure, remark } = judge({
    name: 'backup age', value: Math.max(0, age), unit: 'ms', levels: readLevels(config.backup?.age, 'ms', BACKUP_AGE_MS), bad: 'above', min: 0,
    say: (shown) => `${what} is ${shown} old`, recommendation: 'read the log of the backup job, and see whether it still runs',
  })
  return {
    remarks: [...remarks, remark, -age > AHEAD_MS ? { verdict: 'warn', text: `${what} is dated in the future`, recommendation: 'check the clocks of this machine and of the one that makes backups, and the time zone of what tells when' } : null], measures: [measure, ...(sizeBytes === undefined ? [] : [{ name: 'backup size', value: sizeBytes, unit: 'bytes' as const, min: 0 }])],
    details: { lastBackup: new Date(at).toISOString(), ...(sizeBytes === undefined ? {} : { lastBackupBytes: sizeBytes }) }, fine: `last backup ${showDuration(measure.value)} ago`,
  }
}

function joined(found: readonly Findings[], responseTimeMs: number | undefined): Outcome {
  const remarks: readonly (Remark | null)[] = found.flatMap((each) => each.remarks)
  return outcomeOf({
    fine: found.map(({ fine }) => fine).filter((words) => words !== undefined).join('; '), remarks, responseTimeMs,
    measures: found.flatMap(({ measures }) => measures), details: Object.assign({}, ...found.map(({ details }) => details)) as Outcome['details'],
  })
}
