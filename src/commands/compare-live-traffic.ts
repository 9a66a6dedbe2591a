import type { Host } from '../host.ts'
import type { Random } from '../load/flow/random.ts'
import type { Slice, SliceTimes } from '../load/slices.ts'
import type { Plan } from '../model/plan.ts'
import type { SideName } from './compare-live-sides.ts'
import { readTls, REHEARSAL_MS } from './load-traffic.ts'

/** Sends slices of traffic to two sides. */
export interface LiveTraffic {
  /** One slice, everything random in it drawn by `seed`; null when the signal broke it off. */
  run(side: SideName, seed: string, signal: AbortSignal): Promise<Slice | null>
  close(): Promise<void>
}

/** Prepares the users of both sides and rehearses them once against a sink of our own. Throws UserError for what is wrong with the flows or TLS files. */
export async function openTraffic(plans: Readonly<Record<SideName, Plan>>, times: SliceTimes, environment: string, host: Host): Promise<LiveTraffic> {
  const [{ prepareUsers }, { loadCookieJars }, { createRandom }, { createWireClient }, { openSlices }, { warmUp }] = await Promise.all([
    import('../load/users.ts'), import('../load/flow/cookie.ts'), import('../load/flow/random.ts'), import('../load/wire/client.ts'), import('../load/slices.ts'), import('../load/warm-up.ts'),
  ])
  const now = (): number => host.now()
  const createJar = await loadCookieJars(now)
  const testId = `compare-${crypto.randomUUID()}`

  const prepare = async (plan: Plan) => {
    const tls = await readTls(host, plan)
    const [draws, templates] = [reseedable(createRandom), reseedable(createRandom)]
    const users = prepareUsers(plan, {
      now, random: draws.random, createJar,
      scope: { random: templates.random, date: () => host.wallTime().getTime(), env: host.env, testId, environment, target: plan.target },
    })
    const { maxConnections, keepAlive, maxHeaderBytes, maxBodyBytes } = plan.settings
    return {
      users,
      createClient: () => createWireClient({ now, tls, maxConnections, keepAlive, maxHeaderBytes, maxBodyBytes }),
      reseed: (seed: string) => {
        draws.reseed(seed)
        templates.reseed(`${seed} templates`)
      },
    }
  }
  const sides = { base: await prepare(plans.base), head: await prepare(plans.head) }
  const forMs = plans.base.workloads.some(({ model }) => model === 'open') ? REHEARSAL_MS.open : REHEARSAL_MS.closed
  await warmUp(sides.base.createClient(), forMs, (sink, enough) => sides.base.users.rehearse(sink, () => enough() || host.interrupts.drain.aborted), now)

  const slices = openSlices(times, { now, aheadMs: host.clockAheadMs })
  return {
    run(name, seed, signal) {
      const side = sides[name]
      side.reseed(seed)
      return slices.run(side, signal)
    },
    close: () => slices.close(),
  }
}

/** A stream of random numbers that can be begun again without those who draw from it noticing: rows that are dealt in turn go on where they were. */
function reseedable(create: (seed: string) => Random): { readonly random: Random; readonly reseed: (seed: string) => void } {
  let now = create('')
  return {
    random: { next: () => now.next(), bits: () => now.bits(), between: (least, most) => now.between(least, most) },
    reseed: (seed) => {
      now = create(seed)
    },
  }
}
