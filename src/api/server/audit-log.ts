import pino from 'pino'
import { badLog } from './errors.ts'
import type { LogLevel } from './log-level.ts'
import { redact, redactTarget } from './redact.ts'

/** A request that changed something, or was refused. */
export interface AuditLine {
  readonly who: string | null
  readonly role: string | null
  readonly address: string
  readonly method: string
  /** As it was sent; it is redacted here. */
  readonly target: string
  readonly status: number
  /** Of the answer's error. */
  readonly code: string | null
  readonly ms: number
  /** Whether who asked went away before the answer was out. */
  readonly aborted: boolean
}

/** What is kept of requests, as lines of JSON; no token is ever in it. */
export interface AuditLog {
  change(line: AuditLine): void
  refusal(line: AuditLine): void
  /** Everything else. */
  answer(line: AuditLine): void
  /** A bug of ours, with where it broke. */
  bug(id: string, error: unknown): void
  say(message: string): void
  /** What the instance behind it says of its work. */
  readonly work: (level: Exclude<LogLevel, 'silent'>, message: string, fields?: Readonly<Record<string, unknown>>) => void
  /** Writes to the file of that name from now on: the one before was rotated away. */
  reopen(): void
  close(): void
}

/** Where lines go. */
export interface LogTarget {
  readonly level: LogLevel
  /** An absolute path; null for `write`. */
  readonly file: string | null
  readonly write: (line: string) => void
  /** Monotonic milliseconds. */
  readonly now: () => number
}

/** Of refusals, in a second: a flood of requests is no reason to fill a disk. */
const MOST_REFUSALS = 50
const SECOND_MS = 1_000

/** Opens the log. Throws UserError `CANNOT_WRITE`. */
export function openAuditLog({ level, file, write, now }: LogTarget): AuditLog {
  const destination = file === null ? null : openFile(file, (error) => write(`${JSON.stringify({ level: 'error', time: new Date().toISOString(), msg: badLog(file, error).message })}\n`))
  const log = pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: (label) => ({ level: label }) }, serializers: { err: (error: unknown) => error } },
    destination ?? { write },
  )
  let second = 0
  let refusals = 0
  let untold = 0
  const told = (event: string, { target, who, ...rest }: AuditLine): object => ({ event, who: who === null ? null : redact(who, 200), ...rest, target: redactTarget(target), ms: Math.round(rest.ms * 10) / 10 })
  return {
    change: (line) => log.info(told('change', line), 'changed'),
    refusal(line) {
      const current = Math.floor(now() / SECOND_MS)
      if (current !== second) {
        if (untold > 0) log.warn({ event: 'refused', untold }, 'more was refused than is written')
        second = current
        refusals = 0
        untold = 0
      }
      if (++refusals > MOST_REFUSALS) untold++
      else log.warn(told('refused', line), 'refused')
    },
    answer: (line) => log.debug(told('answer', line), 'answered'),
    bug: (id, error) => log.error({ event: 'bug', id, stack: stackOf(error) }, 'a bug'),
    say: (message) => log.info({ event: 'serve' }, redact(message)),
    work: (severity, message, { error, ...fields } = {}) => log[severity]({ event: 'work', ...fields, ...(error instanceof Error ? { stack: stackOf(error) } : {}) }, redact(message)),
    reopen() {
      // What is rotated away is written to until the file of that name can be opened.
      destination?.reopen()
    },
    close: () => destination?.end(),
  }
}

function stackOf(error: unknown): string[] {
  return error instanceof Error ? (error.stack ?? error.message).split('\n').slice(0, 30).map((line) => redact(line, 500)) : [redact(String(error))]
}

function openFile(path: string, complain: (error: Error) => void): ReturnType<typeof pino.destination> {
  try {
    // Lines are few, and one that is written is there whatever happens next.
    const destination = pino.destination({ dest: path, mode: 0o600, sync: true, append: true })
    let complained = false
    destination.on('error', (error: Error) => {
      if (!complained) complain(error)
      complained = true
    })
    return destination
  } catch (error) {
    throw badLog(path, error as NodeJS.ErrnoException)
  }
}
