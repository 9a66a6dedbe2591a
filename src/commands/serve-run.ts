import { randomBytes } from 'node:crypto'
import type { AuditLog } from '../api/server/audit-log.ts'
import type { ApiServer } from '../api/server/server.ts'
import { readServerSettings, type ServerSettings } from '../api/server/settings.ts'
import type { TlsText } from '../api/server/tls-files.ts'
import type { Resident } from '../contract/resident.ts'
import { UserError } from '../model/error.ts'
import { report, type Report } from '../model/report.ts'
import { plain } from '../model/text.ts'
import type { Context } from './command.ts'
import type { OpenResident } from './serve-resident.ts'
import type { SERVE_FLAGS } from './serve.ts'
import { SERVE_VARIABLES } from './serve-variables.ts'

/** Serves until INT or TERM: one report when it listens, one when it has ended. Throws UserError for what cannot be opened. */
export async function* runServe(context: Pick<Context<typeof SERVE_FLAGS>, 'host' | 'config' | 'flags' | 'note'>, open: OpenResident): AsyncGenerator<Report> {
  const { host, note } = context
  const startedAt = host.wallTime()
  const settings = await readSettings(context)
  const [{ openAuditLog }, { readTlsFiles }] = await Promise.all([import('../api/server/audit-log.ts'), import('../api/server/tls-files.ts')])
  const readTls = async (): Promise<Awaited<ReturnType<typeof readTlsFiles>> | null> => (settings.tls === null ? null : readTlsFiles(settings.tls, { readFile: (path) => host.files.read(path), wallTime: () => host.wallTime() }))
  const tls = await readTls()
  if (tls !== null && tls.remark !== null) await note(`warning: ${tls.remark}`)
  const expired = settings.tokens.filter(({ expiresAt }) => expiresAt !== null && expiresAt <= startedAt.getTime())
  if (expired.length > 0) await note(`warning: ${expiredNote(expired.map(({ name }) => name), expired.length === settings.tokens.length && settings.jwt === null)}`)
  const log = openAuditLog({ level: settings.logLevel, file: settings.auditLog, write: (line) => void host.stderr.write(line), now: () => host.now() })
  const opened = await begin(context, settings, open, log, tls)
  const { resident, server } = opened
  const { url, port } = server
  const say = (parts: Pick<Report, 'interim'>, how = ''): Report =>
    report({ command: 'serve', title: `${plain(resident.name)} at ${url}${how}`, startedAt, finishedAt: host.wallTime(), data: { url, port, pid: host.pid }, ...parts })
  // On a terminal it means that the terminal is gone, and this program with it.
  const stopListening = host.stdout.isTerminal ? () => undefined : host.onSignal('SIGHUP', () => void reload(log, server, readTls))
  try {
    await note(`medianest-perf listens at ${url}${settings.tokens.length === 0 && settings.jwt === null ? ', for programs on this machine that read' : ''} (Ctrl-C ends it)`)
    log.say(`listens at ${url}`)
    yield say({ interim: true })
    const signal = await ended(host.interrupts.drain)
    await opened.close()
    // What went on until it was ended is no part of anything.
    yield say({ interim: false }, `, ended by ${signal}`)
  } finally {
    stopListening()
    // Also where nobody wanted to hear the end of it.
    await opened.close()
  }
}

function expiredNote(names: readonly string[], isAll: boolean): string {
  const shown = `${names.slice(0, 10).join(', ')}${names.length > 10 ? ` and ${names.length - 10} more` : ''}`
  return isAll ? `every token of serve.tokens has expired (${shown}), so nobody may ask what needs one: serve --make-token makes another` : `of serve.tokens these have expired: ${shown}`
}

interface Opened {
  readonly resident: Resident
  readonly server: ApiServer
  /** Drains, flushes and closes, once. */
  close(): Promise<void>
}

async function begin({ host, config }: Pick<Context, 'host' | 'config'>, settings: ServerSettings, open: OpenResident, log: AuditLog, tls: TlsText | null): Promise<Opened> {
  let resident: Resident | undefined
  try {
    const [{ startServer }, served] = await Promise.all([import('../api/server/server.ts'), open(host, config, log.work)])
    resident = served
    const server = await startServer(served, settings, { now: () => host.now(), wallTime: () => host.wallTime(), log, bootId: randomBytes(6).toString('hex'), tls })
    const end = async (): Promise<void> => {
      await server.close()
      await served.close()
      log.say('ended')
      log.close()
    }
    let closing: Promise<void> | undefined
    return { resident: served, server, close: () => (closing ??= end()) }
  } catch (error) {
    await resident?.close()
    log.close()
    throw error
  }
}

function ended(drain: AbortSignal): Promise<'SIGINT' | 'SIGTERM'> {
  return new Promise((done) => {
    const end = (): void => done(drain.reason as 'SIGINT' | 'SIGTERM') // The host aborts with the name of the signal.
    if (drain.aborted) end()
    else drain.addEventListener('abort', end, { once: true })
  })
}

/** Logs were rotated, or certificates renewed. */
async function reload(log: AuditLog, server: ApiServer, readTls: () => Promise<{ readonly cert: string; readonly key: string } | null>): Promise<void> {
  try {
    log.reopen()
    const tls = await readTls()
    if (tls !== null) server.renew(tls)
    log.say('read again: log and certificate')
  } catch (error) {
    // What was there is kept: a renewal that went wrong is no reason to be away.
    log.say(`kept what was there: ${error instanceof UserError ? error.message : 'it cannot be read again'}`)
  }
}

async function readSettings({ host, config, flags }: Pick<Context<typeof SERVE_FLAGS>, 'host' | 'config' | 'flags'>): Promise<ServerSettings> {
  const spoken = host.env[SERVE_VARIABLES.port]
  const port = flags.port ?? (spoken === undefined || spoken === '' ? undefined : readPort(spoken))
  return readServerSettings(config.serve, { host: flags.host ?? (host.env[SERVE_VARIABLES.host] || undefined), port }, { env: host.env, readFile: (path) => host.files.read(path), resolve: (path) => config.serve?.resolve(path) ?? path })
}

function readPort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
  if (!(port <= 65_535)) throw new UserError({ code: 'INVALID_VALUE', kind: 'usage', message: `${SERVE_VARIABLES.port} is "${plain(text, 60)}", which is no port`, hint: 'write a whole number from 0 to 65535' })
  return port
}
