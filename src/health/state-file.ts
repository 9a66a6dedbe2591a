import type { Files } from '../files.ts'
import { UserError } from '../model/error.ts'
import { plain } from '../model/text.ts'
import { VERDICTS, type Verdict } from '../model/verdict.ts'
import type { Kept, Stretch, Times } from './history.ts'
import { readRegularFile } from './regular-file.ts'
import type { HealthState, Standing } from './state.ts'

const KIND = 'health-state'
const VERSION = 1
const MOST_BYTES = 16 * 2 ** 20
const MOST_ITEMS = 10_000
const KEPT: readonly string[] = [...VERDICTS, 'excused']

/** What a state file remembers; null where there is none yet. Throws UserError `STATE_FILE` where it is another file, of a later version, broken or cannot be read. */
export async function readState(path: string): Promise<HealthState | null> {
  const text = await readText(path)
  return text === null ? null : parseState(text, path)
}

/** Writes a state file in one step, for its owner's eyes only. Returns what went wrong instead of throwing, for the result must be told all the same; the file before is then still there. */
export async function writeState(files: Pick<Files, 'write'>, path: string, state: HealthState): Promise<string | null> {
  const text = formatState(state)
  if (Buffer.byteLength(text) > MOST_BYTES) return `the state of this run is not kept: ${plain(path)} would get larger than 16 MiB; use a state file for fewer checks`
  return files.write(path, text, 0o600).then(() => null, (error: unknown) => `the state of this run is not kept: ${plain(error instanceof Error ? error.message : String(error))}`)
}

/** The text of a state file: a line for all together, and one a check. */
export function formatState({ overall, checks }: HealthState): string {
  const lines = [...checks].map(([name, standing]) => JSON.stringify({ name, ...packed(standing) }))
  return `{"medianest-perf":"${KIND}","version":${VERSION},\n"overall":${JSON.stringify(packed(overall))},\n"checks":[\n${lines.join(',\n')}\n]}\n`
}

function packed(standing: Standing): object {
  return { ...standing, history: standing.history.map(({ of, from, until }) => [of, from, until]) }
}

/** Reads the text of a state file. Throws UserError `STATE_FILE`. */
export function parseState(text: string, path: string): HealthState {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw unusable(path, text.trim() === '' ? 'it is empty' : `it is no JSON (${plain(error instanceof Error ? error.message : String(error), 120)})`)
  }
  if (!isObject(value) || value['medianest-perf'] !== KIND) throw unusable(path, 'it is no state of health checks', 'name a file that does not exist yet; this one is left alone')
  const { version } = value
  if (typeof version === 'number' && version > VERSION) throw unusable(path, `it has version ${version}, and this program knows ${VERSION}`, 'use the newer program that wrote it, or name another file')
  const broken = (where: string): UserError => unusable(path, `it is broken at ${where}`)
  if (version !== VERSION) throw broken('version')
  const overall = standingOf(value['overall'], 'overall', broken)
  const checks = new Map<string, Standing>()
  for (const [index, check] of listOf(value['checks'], 'checks', broken).entries()) {
    const where = `checks[${index}]`
    if (!isObject(check) || typeof check['name'] !== 'string' || checks.has(check['name'])) throw broken(`${where}.name`)
    checks.set(check['name'], standingOf(check, where, broken))
  }
  return { overall, checks }
}

type Broken = (where: string) => UserError

function standingOf(value: unknown, where: string, broken: Broken): Standing {
  if (!isObject(value)) throw broken(where)
  const expect = <T>(key: string, isRight: (found: unknown) => found is T): T => {
    const found = value[key]
    if (!isRight(found)) throw broken(`${where}.${key}`)
    return found
  }
  const list = (key: string): readonly unknown[] => listOf(value[key], `${where}.${key}`, broken)
  const recent = list('recent')
  const gaps = list('gaps')
  if (!recent.every(isVerdict)) throw broken(`${where}.recent`)
  if (!gaps.every(isTime)) throw broken(`${where}.gaps`)
  return {
    verdict: expect('verdict', orNull(isVerdict)), since: expect('since', isTime), isExcused: expect('isExcused', isBoolean), lastSeen: expect('lastSeen', isTime),
    flappingSince: expect('flappingSince', orNull(isTime)), recent, gaps, history: historyOf(list('history'), `${where}.history`, broken),
  }
}

function historyOf(items: readonly unknown[], where: string, broken: Broken): readonly Stretch[] {
  let end = 0
  return items.map((item, index) => {
    const [of, from, until] = Array.isArray(item) ? (item as readonly unknown[]) : []
    if (!isTime(from) || !isTime(until) || from < end || until <= from || !(isKept(of) || isTimes(of, until - from))) throw broken(`${where}[${index}]`)
    end = until
    return { of, from, until }
  })
}

function listOf(value: unknown, where: string, broken: Broken): readonly unknown[] {
  if (!Array.isArray(value) || value.length > MOST_ITEMS) throw broken(where)
  return value as readonly unknown[]
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value)
const isBoolean = (value: unknown): value is boolean => typeof value === 'boolean'
/** Within what a `Date` can be. */
const isTime = (value: unknown): value is number => typeof value === 'number' && value >= 0 && value <= 8.64e15
const isKept = (value: unknown): value is Kept => typeof value === 'string' && KEPT.includes(value)
const isVerdict = (value: unknown): value is Verdict => isKept(value) && value !== 'excused'
const isTimes = (value: unknown, most: number): value is Times => isObject(value) && Object.entries(value).every(([state, ms]) => isKept(state) && isTime(ms)) && Object.values(value).reduce((sum: number, ms) => sum + Number(ms), 0) <= most
const orNull = <T>(isRight: (value: unknown) => value is T) => (value: unknown): value is T | null => value === null || isRight(value)

async function readText(path: string): Promise<string | null> {
  return readRegularFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    if (error.code === 'EFBIG') throw unusable(path, error.message)
    throw unusable(path, error.code === 'EACCES' ? 'this user may not read it' : plain(error.message, 200), 'name a file in a folder that this user may write to')
  })
}

function unusable(path: string, reason: string, hint = 'name another file, or remove this one, which forgets what it remembers'): UserError {
  return new UserError({ code: 'STATE_FILE', kind: 'input', message: `the state file ${plain(path)} cannot be used: ${reason}`, hint })
}
