import type { ConfigOf } from '../../health-schema/schema.ts'
import type { Outcome } from '../../model/health.ts'
import type { Process, Program } from '../../model/process.ts'
import { plain } from '../../model/text.ts'
import { showBytes, showDuration } from '../../model/unit.ts'
import { judge, readLevels } from '../levels.ts'
import type { Look, LookContext } from '../look.ts'
import { outcomeOf, single, type Remark } from '../remark.ts'

/** Linux keeps this much of a name. */
const NAME_BYTES = 15
const MOST_PIDS = 20
/** Ended, but its parent has not asked how: it does nothing any more. */
const ENDED = new Set(['Z', 'X'])

/** Programs that must run: by name, command line, user or pid file, and how many of them. */
export const look: Look<'process'> = async (config, context) => {
  const { world } = context
  const what = describe(config)
  if (what === '') return single('unknown', 'it does not say which process', 'give process, command, user or pidFile')
  const alive = (await world.processes()).filter(({ state }) => !ENDED.has(state))
  const kept = config.pidFile === undefined ? { rows: alive } : await findByPidFile(config, config.pidFile, alive, context)
  if ('verdict' in kept) return kept
  const rows = kept.rows.filter(({ program }) => matches(program, config))
  if (rows.length < leastOf(config) && (await isHidden(context))) return hidden(what)
  return judgeRows(rows, config, what, world.wallTime().getTime(), othersOf(kept.rows, config))
}

/** Users other than the one that is wanted under whom the program runs. */
function othersOf(rows: readonly Process[], { process, command, user }: ConfigOf<'process'>): readonly string[] {
  if (user === undefined || (process === undefined && command === undefined)) return []
  const found = rows.filter(({ program }) => matches(program, { type: 'process', process, command }) && !matches(program, { type: 'process', user }))
  return [...new Set(found.map(({ program }) => plain(program.user === '' ? String(program.uid) : program.user, 40)))]
}

function leastOf({ count }: ConfigOf<'process'>): number {
  return count?.min ?? Math.min(1, count?.max ?? 1)
}

/** Whether this user may not see the processes of others (`hidepid` of proc(5)): there is a /proc, but no process 1. */
async function isHidden({ world }: LookContext): Promise<boolean> {
  const isThere = (path: string): Promise<boolean> => world.readFile(path).then(() => true, () => false)
  return !(await isThere('/proc/1/stat')) && (await isThere('/proc/self/stat'))
}

function hidden(what: string): Outcome {
  return single('unknown', `${what} is not to be seen, as no process of another user is (hidepid)`, 'run this as root, or in the group that /proc is mounted with (gid=)')
}

function judgeRows(rows: readonly Process[], config: ConfigOf<'process'>, what: string, now: number, others: readonly string[]): Outcome {
  const [min, max] = [leastOf(config), config.count?.max ?? Number.POSITIVE_INFINITY]
  const resident = rows.reduce((sum, { residentBytes }) => sum + residentBytes, 0)
  const oldest = rows.reduce((earliest, { program: { startedAt } }) => (startedAt < earliest ? startedAt : earliest), Number.POSITIVE_INFINITY)
  const memory = judge({
    name: 'memory', value: resident, unit: 'bytes', levels: readLevels(config.memory, 'bytes'), bad: 'above', min: 0,
    say: (value) => `${what} ${rows.length === 1 ? 'uses' : 'use'} ${value} of memory`, recommendation: 'see whether it grows with: medianest-perf top; restart it if it leaks',
  })
  const since = Number.isFinite(oldest) ? `, ${rows.length === 1 ? '' : 'the oldest '}for ${showDuration(Math.max(0, now - oldest))}` : ''
  return outcomeOf({
    fine: `${rows.length === 0 ? 'no process' : rows.length === 1 ? '1 process' : `${rows.length} processes`} of ${what}${rows.length === 0 ? '' : `, ${showBytes(resident)}`}${since}`,
    remarks: [countRemark(rows.length, min, max, what, others), memory.remark],
    measures: [{ name: 'count', value: rows.length, unit: 'count', critical: { from: min, to: max, isInside: false }, min: 0 }, memory.measure],
    details: { count: rows.length, pids: rows.slice(0, MOST_PIDS).map(({ program }) => program.pid), oldestStart: Number.isFinite(oldest) ? new Date(oldest).toISOString() : null, memoryBytes: resident },
  })
}

function countRemark(count: number, min: number, max: number, what: string, others: readonly string[]): Remark | null {
  const have = count === 0 ? `${what} does not run` : `${count === 1 ? '1 process' : `${count} processes`} of ${what}`
  if (count < min) return { verdict: 'fail', text: `${count === 0 && min === 1 ? have : `${have}, at least ${min} must`}${others.length === 0 ? '' : `; it does run as ${others.slice(0, 4).join(', ')}`}`, recommendation: others.length === 0 ? 'start it, and see in its log why it ended' : 'correct `user`, or start it as that user' }
  if (count > max) return { verdict: 'fail', text: max === 0 ? `${have}, there must be none` : `${have}, at most ${max} may run`, recommendation: 'see whether one was left behind by an earlier start, and end it' }
  return null
}

/** The one process a file names, or what is wrong with that. */
async function findByPidFile(config: ConfigOf<'process'>, pidFile: string, alive: readonly Process[], context: LookContext): Promise<{ readonly rows: readonly Process[] } | Outcome> {
  const { world } = context
  const path = world.resolve(pidFile)
  const shown = plain(path)
  let text: string
  try {
    text = await world.readFile(path)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return single('fail', `${describe(config)} does not run: there is no ${shown}`, 'start it; if it does run, see where it writes its pid file')
    return single('unknown', `${shown} cannot be read: ${code === 'EACCES' ? 'no permission' : plain(message)}`, 'run this as a user who may read it')
  }
  const first = text.trim().split(/\s/, 1)[0] ?? ''
  if (!/^[1-9]\d{0,9}$/.test(first)) return single('fail', `${shown} holds no process id${first === '' ? ': it is empty' : ` but "${plain(first, 30)}"`}`, 'see whether its disk was full; restart the program so that it writes it anew')
  const pid = Number(first)
  const row = alive.find(({ program }) => program.pid === pid)
  if (row === undefined && (await isHidden(context))) return hidden(describe(config))
  if (row === undefined) return single('fail', `${describe(config)} does not run: process ${pid} of ${shown} has ended`, 'start it, and see in its log why it ended', { details: { pid } })
  if (!matches(row.program, config)) return single('fail', `process ${pid} of ${shown} is ${plain(row.program.name, 40)}, not ${describe({ ...config, pidFile: undefined })}: what wrote the file has ended`, 'start it; the number belongs to another program by now', { details: { pid } })
  return { rows: [row] }
}

function matches(program: Program, { process, command, user }: ConfigOf<'process'>): boolean {
  return (process === undefined || isProgram(program, process)) && (command === undefined || program.command.includes(command)) && (user === undefined || program.user === user || String(program.uid) === user)
}

/** By the short name, the program's file or its path; programs that name themselves anew (`nginx: master process /usr/sbin/nginx`) still have their path somewhere. */
function isProgram({ name, command }: Program, wanted: string): boolean {
  const base = wanted.slice(wanted.lastIndexOf('/') + 1)
  const first = command.split(' ', 1)[0] ?? ''
  const isShort = name === base || (Buffer.byteLength(base) > NAME_BYTES && name === Buffer.from(base).toString('utf8', 0, NAME_BYTES))
  if (wanted.includes('/')) return command === wanted || command.startsWith(`${wanted} `) || (isShort && command.split(' ').includes(wanted))
  return isShort || first === wanted || first.endsWith(`/${wanted}`)
}

function describe({ process, command, user, pidFile }: Partial<ConfigOf<'process'>>): string {
  const who = process !== undefined ? plain(process, 80) : command !== undefined ? `"${plain(command, 80)}"` : user !== undefined ? `user ${plain(user, 40)}` : pidFile !== undefined ? `what ${plain(pidFile)} names` : ''
  return user !== undefined && (process !== undefined || command !== undefined) ? `${who} of user ${plain(user, 40)}` : who
}
