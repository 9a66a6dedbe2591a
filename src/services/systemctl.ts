import { execFile } from 'node:child_process'

/** What systemd says of a unit; untrusted text, empty where it says nothing. */
export interface Unit {
  readonly id: string
  /** `loaded`, `not-found`, `masked`, `error`, `bad-setting`. */
  readonly loadState: string
  /** `active`, `reloading`, `inactive`, `failed`, `activating`, `deactivating`. */
  readonly activeState: string
  /** `running`, `exited`, `dead`, `auto-restart`, ... */
  readonly subState: string
  /** `success`, `exit-code`, `signal`, `timeout`, `oom-kill`, ... */
  readonly result: string
  /** How often systemd started it again by itself. */
  readonly restarts: number
  /** When it last became active and inactive, milliseconds since 1970; NaN for never. */
  readonly activeSince: number
  readonly inactiveSince: number
  /** Whether the conditions of its last start were met; false also where it never was to start. */
  readonly isConditionMet: boolean
}

/** systemd could not be asked: there is none, or it does not answer. The message is for people. */
export class SystemctlProblem extends Error {
  readonly kind: 'not-installed' | 'not-booted' | 'no-answer' | 'failed'
  /** What systemctl said; untrusted. */
  readonly said: string

  constructor(kind: SystemctlProblem['kind'], message: string, said = '') {
    super(message)
    this.name = 'SystemctlProblem'
    this.kind = kind
    this.said = said
  }
}

const PROPERTIES = ['Id', 'LoadState', 'ActiveState', 'SubState', 'Result', 'NRestarts', 'ActiveEnterTimestamp', 'InactiveEnterTimestamp', 'ConditionResult'] as const
const LARGEST_ANSWER = 4_000_000

/**
 * What systemd says of units, in their order; a pattern (`app@*.service`) may give several or none. No shell is involved; the program is killed when the signal is
 * aborted. Throws `SystemctlProblem`.
 */
export function showUnits(names: readonly string[], env: Readonly<Record<string, string | undefined>>, signal: AbortSignal): Promise<Unit[]> {
  const words = ['show', '--no-pager', `--property=${PROPERTIES.join(',')}`, '--', ...names]
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(new SystemctlProblem('no-answer', 'systemd was not asked in time'))
    execFile('systemctl', words, { env: { ...env, LC_ALL: 'C', TZ: 'UTC', SYSTEMD_COLORS: '0' }, signal, killSignal: 'SIGKILL', maxBuffer: LARGEST_ANSWER, windowsHide: true }, (error, stdout, stderr) => {
      if (error === null) return resolve(readUnits(stdout))
      if (signal.aborted) return reject(new SystemctlProblem('no-answer', 'systemd does not answer'))
      if (error.code === 'ENOENT') return reject(new SystemctlProblem('not-installed', 'there is no systemctl here'))
      if (/not been booted with systemd|Failed to connect to bus: (Host is down|No such file)/.test(stderr)) return reject(new SystemctlProblem('not-booted', 'this system was not started by systemd'))
      return reject(new SystemctlProblem('failed', 'systemctl failed', stderr.trim() === '' ? error.message : stderr))
    })
  })
}

/** Reads what `systemctl show` prints: a block of lines for each unit, a blank line between two. */
function readUnits(text: string): Unit[] {
  return text.split(/\n\s*\n/).filter((block) => block.trim() !== '').map((block) => {
    const values = new Map(block.split('\n').map((line) => [line.slice(0, line.indexOf('=')).trim(), line.slice(line.indexOf('=') + 1).trim()]))
    const value = (key: (typeof PROPERTIES)[number]): string => values.get(key) ?? ''
    return {
      id: value('Id'), loadState: value('LoadState'), activeState: value('ActiveState'), subState: value('SubState'), result: value('Result'), restarts: Number(value('NRestarts') || 0) || 0,
      activeSince: timeOf(value('ActiveEnterTimestamp')), inactiveSince: timeOf(value('InactiveEnterTimestamp')), isConditionMet: value('ConditionResult') !== 'no',
    }
  })
}

/** `Sat 2026-11-21 09:36:59 UTC`; with TZ=UTC there is no other zone. */
function timeOf(text: string): number {
  const [, date, time] = /(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?) UTC$/.exec(text) ?? []
  return date === undefined ? Number.NaN : Date.parse(`${date}T${time}Z`)
}
