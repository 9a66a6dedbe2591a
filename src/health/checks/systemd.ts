import { plain } from '../../model/text.ts'
import { showDuration } from '../../model/unit.ts'
import type { Verdict } from '../../model/verdict.ts'
import type { Unit } from '../../services/systemctl.ts'
import type { Look } from '../look.ts'
import { outcomeOf, single, type Remark } from '../remark.ts'

interface State {
  readonly verdict: Verdict
  /** What is said after the unit's name. */
  readonly say: (unit: Unit) => string
  readonly recommendation: (name: string) => string
}

const WHY = (name: string): string => `see why with: journalctl -u ${name} -n 50; then: systemctl restart ${name}`
const NOTHING = (): string => ''
const FINE = { verdict: 'ok', say: ({ subState }: Unit) => subState, recommendation: NOTHING } as const

/** What cannot run at all (`LoadState`). */
const LOAD_STATES: Readonly<Record<string, State>> = {
  'not-found': { verdict: 'fail', say: () => 'is not there', recommendation: () => 'check how the unit is written, and whether its package is installed; all there are lists: systemctl list-unit-files' },
  masked: { verdict: 'fail', say: () => 'is masked: it may not be started', recommendation: (name) => `allow it with: systemctl unmask ${name}` },
  'bad-setting': { verdict: 'fail', say: () => 'has a mistake in its file', recommendation: (name) => `find it with: systemd-analyze verify ${name}` },
  error: { verdict: 'fail', say: () => 'has a file that cannot be read', recommendation: (name) => `find out why with: systemctl status ${name}` },
}

/** `ActiveState` of systemctl(1). */
const ACTIVE_STATES: Readonly<Record<string, State>> = {
  active: FINE,
  reloading: FINE,
  refreshing: FINE,
  activating: { verdict: 'warn', say: () => 'is still starting', recommendation: (name) => `see what it waits for with: systemctl status ${name}` },
  deactivating: { verdict: 'warn', say: () => 'is being stopped', recommendation: (name) => `see who stops it with: journalctl -u ${name} -n 50` },
  inactive: { verdict: 'fail', say: ({ isConditionMet, activeSince }) => (isConditionMet || activeSince > 0 ? 'is not running' : 'was not started: a condition of it is not met'), recommendation: (name) => `start it with: systemctl start ${name}; at every boot with: systemctl enable ${name}` },
  failed: { verdict: 'fail', say: ({ result }) => `has failed (${plain(result, 40)})`, recommendation: WHY },
  maintenance: { verdict: 'fail', say: () => 'is in maintenance', recommendation: WHY },
}

/** It ended, and systemd waits before it starts it again. */
const RESTARTED: State = { verdict: 'fail', say: ({ result }) => `keeps ending (${plain(result, 40)})`, recommendation: WHY }

/** Units of systemd that must be active. */
export const look: Look<'systemd'> = async ({ unit }, { world, signal, timeoutMs }) => {
  const { showUnits, SystemctlProblem } = await import('../../services/systemctl.ts')
  const names = [unit].flat()
  const soon = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs * 0.9)])
  const patterns = names.filter((name) => /[*?[]/.test(name))
  const plainNames = names.filter((name) => !patterns.includes(name))
  let told: readonly (readonly Unit[])[]
  try {
    // Of several at once nobody would notice that there is none of one pattern.
    told = await Promise.all([...patterns.map((pattern) => [pattern]), ...(plainNames.length > 0 ? [plainNames] : [])].map((asked) => showUnits(asked, world.env, soon)))
  } catch (error) {
    if (!(error instanceof SystemctlProblem)) throw error
    return single('unknown', `${error.message}${error.said === '' ? '' : `: ${plain(error.said.trim(), 200)}`}`, ADVICE[error.kind])
  }
  const units = told.flat()
  const unmatched = patterns.filter((_, at) => told[at]?.length === 0)
  const now = world.wallTime().getTime()
  return outcomeOf({
    fine: units.map((each) => `${plain(each.id, 80)} ${stateOf(each).say(each)}${ago(each.activeSince, now, 'for')}`).join(', '),
    remarks: [...units.map((each) => remarkOn(each, now)), ...(units.length === 0 ? names : unmatched).map((name): Remark => ({ verdict: 'fail', text: `no unit matches ${plain(name, 80)}`, recommendation: 'all there are lists: systemctl list-units --all' }))],
    measures: units.map(({ id, restarts }) => ({ name: 'restarts', of: id, value: restarts, unit: 'count', min: 0 })),
    details: { units: Object.fromEntries(units.map(({ id, loadState, activeState, subState, restarts }) => [plain(id), { state: plain(loadState === 'loaded' ? activeState : loadState), subState: plain(subState), restarts }])) },
  })
}

const ADVICE: Readonly<Record<string, string>> = {
  'not-installed': 'check programs by process instead: this system has no systemd', 'not-booted': 'check programs by process instead: in a container there is no systemd to ask',
  'no-answer': 'see whether systemd is busy with: systemctl list-jobs', failed: 'run it by hand: systemctl status',
}

function stateOf({ loadState, activeState, subState }: Unit): State {
  return (
    LOAD_STATES[loadState] ?? (subState === 'auto-restart' || subState === 'auto-restart-queued' ? RESTARTED : undefined) ?? ACTIVE_STATES[activeState] ??
    { verdict: 'unknown', say: () => `is in a state nobody knows: ${plain(activeState, 40) || 'none'}`, recommendation: (name) => `see it with: systemctl status ${name}` }
  )
}

function remarkOn(unit: Unit, now: number): Remark | null {
  const { verdict, say, recommendation } = stateOf(unit)
  if (verdict === 'ok') return null
  const name = plain(unit.id, 80)
  const restarts = unit.restarts > 0 ? `, started again ${unit.restarts === 1 ? 'once' : `${unit.restarts} times`}` : ''
  return { verdict, text: `${name} ${say(unit)}${restarts}${unit.activeState === 'failed' || unit.activeState === 'inactive' ? ago(unit.inactiveSince, now, 'since') : ''}`, recommendation: recommendation(name) }
}

function ago(time: number, now: number, word: 'for' | 'since'): string {
  if (Number.isNaN(time)) return ''
  const passed = showDuration(Math.max(0, now - time))
  return word === 'for' ? ` for ${passed}` : `, ${passed} ago`
}
