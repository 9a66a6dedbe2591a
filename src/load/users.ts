import type { Plan, Workload } from '../model/plan.ts'
import type { UserSlot } from './driver.ts'
import type { WireClient } from './exchange.ts'
import type { CookieJar } from './flow/cookie.ts'
import { createDeal } from './flow/payload.ts'
import { compilePrograms, type Program } from './flow/program.ts'
import { createRandom, type Random } from './flow/random.ts'
import type { FlowRecorder } from './flow/recorder.ts'
import type { ScopeWorld } from './flow/scope.ts'
import { VirtualUser } from './flow/user.ts'
import type { World } from './flow/world.ts'
import type { Lane } from './lane.ts'

/** Where users of a workload leave what they measure. */
export type UserRecorder = FlowRecorder & Pick<Lane, 'flowEnded' | 'lastFailure'>

/** What users take from the run around them. */
export interface UsersWorld {
  now(): number
  readonly random: Random
  /** All of it but `missing`, which belongs to a lane. */
  readonly scope: Omit<ScopeWorld, 'missing'>
  createJar(): CookieJar
}

/** The plan's flows made ready, and users to walk them. */
export interface Users {
  readonly plan: Plan
  /** Makes users of the workload at `index`; `startedAt` is time zero on the run's clock. */
  slots(index: number, client: WireClient, lane: UserRecorder, startedAt: () => number): () => UserSlot
  /** Runs users of every flow in a closed loop until told to stop, recording nothing. */
  rehearse(client: WireClient, enough: () => boolean): Promise<void>
}

/** Users of each flow that rehearse at once. */
const REHEARSERS = 8

/** Compiles a plan's flows. Throws UserError for whatever can be known to be wrong before the first request. */
export function prepareUsers(plan: Plan, world: UsersWorld): Users {
  const programs = compilePrograms(plan)
  const deal = createDeal(plan, world.random)
  const worldOf = (client: WireClient, recorder: FlowRecorder, think: boolean): World => ({
    client,
    now: () => world.now(),
    later: (ms, then) => setTimeout(then, think ? ms : 0),
    cancel: (timer) => clearTimeout(timer as NodeJS.Timeout),
    recorder,
    scope: { ...world.scope, missing: (name) => recorder.missing(name) },
    deal,
    createJar: () => world.createJar(),
    endOnFailedExpectation: plan.settings.endOnFailedExpectation,
  })

  return {
    plan,
    slots(index, client, lane, startedAt) {
      const workload = plan.workloads[index]
      if (!workload) throw new Error(`there is no workload ${index}`)
      const pick = picker(workload, programs, world.random)
      const outside = worldOf(client, lane, true)
      return () => slot(outside, lane, pick, startedAt)
    },
    async rehearse(client, enough) {
      // Rows and random numbers of its own: a sequence must begin with its first row, and a seed mean the same run.
      const random = createRandom('rehearsal')
      const outside: World = { ...worldOf(client, SILENT, false), deal: createDeal(plan, random), scope: { ...world.scope, random, missing: () => undefined } }
      await Promise.all(
        programs.flatMap((program) =>
          Array.from({ length: Math.max(1, Math.ceil(REHEARSERS / programs.length)) }, () =>
            new Promise<void>((done) => {
              const user = new VirtualUser(outside, () => (enough() ? done() : user.start(program, world.now())))
              user.start(program, world.now())
              // A flow that loops for ever rehearses as long as the others.
              const watch = setInterval(() => {
                if (!enough()) return
                clearInterval(watch)
                user.breakOff()
                done()
              }, 20)
            }),
          ),
        ),
      )
    },
  }
}

function slot(world: World, lane: UserRecorder, pick: () => Program, startedAt: () => number): UserSlot {
  let ended: Parameters<UserSlot['begin']>[1] = () => undefined
  let begunAt = 0
  const user = new VirtualUser(world, (_user, endedAt, outcome) => {
    lane.flowEnded(endedAt - begunAt, outcome)
    ended(outcome, endedAt - startedAt(), outcome === 'failed' && lane.lastFailure !== null)
  })
  return {
    begin(dueMs, then) {
      ended = then
      begunAt = startedAt() + dueMs
      user.start(pick(), begunAt)
    },
    breakOff: () => user.breakOff(),
  }
}

/** Draws a flow by weight. */
function picker(workload: Workload, programs: readonly Program[], random: Random): () => Program {
  const choices = workload.flows.map(({ flow, weight }) => {
    const program = programs[flow]
    if (!program) throw new Error(`there is no flow ${flow}`)
    return { program, weight }
  })
  const [only, ...others] = choices
  if (!only) throw new Error(`workload ${workload.name} has no flows`)
  if (others.length === 0) return () => only.program
  const total = choices.reduce((sum, { weight }) => sum + weight, 0)
  return () => {
    let left = random.next() * total
    for (const { program, weight } of choices) {
      left -= weight
      if (left < 0) return program
    }
    return only.program
  }
}

const SILENT: FlowRecorder = {
  request: () => undefined,
  unsent: () => undefined,
  check: () => undefined,
  metric: () => undefined,
  captureFailed: () => undefined,
  missing: () => undefined,
  note: () => undefined,
  log: () => undefined,
}
