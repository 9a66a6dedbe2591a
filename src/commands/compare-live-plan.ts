import type { Plan } from '../model/plan.ts'
import type { Context } from './command.ts'
import type { LIVE_FLAGS } from './compare-live-flags.ts'
import type { LiveSide } from './compare-live-sides.ts'
import type { LOAD_FLAGS } from './load.ts'
import { readLoadPlan } from './load-plan.ts'

type LiveContext = Context<typeof LIVE_FLAGS>

const USERS = 5
/** What `load` knows besides, and nobody asks of it here. */
const UNASKED = { scenarioConfig: undefined, duration: undefined, scale: undefined, engine: undefined, atCap: undefined, allowDropped: undefined, dryRun: undefined, remote: undefined, save: undefined, child: undefined } as const

/** What a side is asked: a scenario at its address, a path of it, or the address itself. Throws UserError for anything about it that is wrong. */
export async function readLivePlan(context: LiveContext, { url }: LiveSide, word: string | undefined): Promise<Plan> {
  const { environment, overrides, variables, payload, insecure, seed, connections } = context.flags
  const read = (argument: string, flags: Partial<Context<typeof LOAD_FLAGS>['flags']>): Promise<Plan> =>
    readLoadPlan({ ...context, argument, flags: { ...UNASKED, target: undefined, connections: undefined, environment, overrides, variables, payload, insecure, seed, ...flags } })
  if (word === undefined) return read(url, { connections: connections ?? USERS })
  if (word.startsWith('/') && !(await isFile(context, word))) return read(url.replace(/\/+$/, '') + word, { connections: connections ?? USERS })
  return read(word, { target: url, connections })
}

/** A path of a server may look like one of this machine: what is there as a file is a scenario, and what is called like one should be. */
async function isFile({ host }: LiveContext, word: string): Promise<boolean> {
  if (/\.ya?ml$/i.test(word)) return true
  return host.files.read(word).then(() => true, () => false)
}
