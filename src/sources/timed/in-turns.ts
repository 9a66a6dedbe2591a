import { addPair, startPairs, type PairedQuestion, type PairedState } from '../../analysis/compare/paired.ts'
import { median } from '../../analysis/compare/ranks.ts'
import { attempt, isTrouble, type Attempts, type Trouble } from './attempt.ts'
import type { TimedCommand, TimedRun } from './timed-command.ts'

/** How two commands are run in turns. */
export interface TurnsChoice {
  readonly warmups: number
  /** Runs of a side in a turn, the median of which counts; null for as many as make a turn of `TURN_MS`. */
  readonly runs: number | null
  /** The rule that says when it is enough; with a single look, so many pairs and no fewer. */
  readonly question: Pick<PairedQuestion, 'rules' | 'looks'>
  /** Called when the pairs begin, and at each look after which more are needed. */
  readonly tell: (pairs: number, most: number, pairMs: number) => Promise<void>
  /** Told before each run, and waited for. */
  readonly onRun?: ((soFar: TurnsSoFar) => Promise<void>) | undefined
}

/** How far they are. */
export interface TurnsSoFar {
  readonly isWarmUp: boolean
  readonly base: readonly TimedRun[]
  readonly head: readonly TimedRun[]
  readonly state: PairedState
}

/** What two commands came to. */
export interface Turns {
  readonly base: readonly TimedRun[]
  readonly head: readonly TimedRun[]
  readonly state: PairedState
  /** Runs of a side in each turn. */
  readonly runsPerTurn: number
  readonly trouble: Trouble | null
}

/** Shorter turns are made of several runs: more data in hardly more time. */
const TURN_MS = 100
const MOST_PER_TURN = 20

/** Runs two commands in turns, base first and head first by turns (ABBA), so that whatever the machine does meanwhile happens to both. */
export async function timeInTurns(attempts: Attempts, base: TimedCommand, head: TimedCommand, choice: TurnsChoice): Promise<Turns> {
  const { rules, looks } = choice.question
  const most = Math.max(...looks)
  const runs = { base: [] as TimedRun[], head: [] as TimedRun[] } // filled as they come
  let state = startPairs({ better: 'lower', rules, looks })
  let runsPerTurn = choice.runs ?? 1
  const told = (trouble: Trouble | null): Turns => ({ ...runs, state, runsPerTurn, trouble })

  const seen = { base: 0, head: 0 }
  for (let turn = 0; turn < choice.warmups; turn++) {
    for (const side of ['base', 'head'] as const) {
      await choice.onRun?.({ isWarmUp: true, ...runs, state })
      const made = await attempt(attempts, side === 'base' ? base : head)
      if (isTrouble(made)) return told(made)
      seen[side] = made.ms
    }
  }
  const longestMs = Math.max(seen.base, seen.head)
  if (choice.runs === null && longestMs > 0) runsPerTurn = Math.min(MOST_PER_TURN, Math.max(1, Math.ceil(TURN_MS / longestMs)))
  await choice.tell(0, most, (seen.base + seen.head) * runsPerTurn)

  while (!state.settled) {
    const pair = { base: Number.NaN, head: Number.NaN }
    for (const side of state.pairs.length % 2 === 0 ? (['base', 'head'] as const) : (['head', 'base'] as const)) {
      const turn: TimedRun[] = []
      for (let nth = 0; nth < runsPerTurn; nth++) {
        await choice.onRun?.({ isWarmUp: false, ...runs, state })
        const made = await attempt(attempts, side === 'base' ? base : head)
        if (isTrouble(made)) return told(made)
        turn.push(made)
      }
      runs[side].push(...turn)
      pair[side] = median(turn.map(({ ms }) => ms))
    }
    state = addPair(state, pair)
    const count = state.pairs.length
    if (!state.settled && looks.includes(count)) await choice.tell(count, most, pair.base + pair.head)
  }
  return told(null)
}
