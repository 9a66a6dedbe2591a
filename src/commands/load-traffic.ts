import type { Host } from '../host.ts'
import type { EngineWorld } from '../load/engine.ts'
import type { WireClient } from '../load/exchange.ts'
import type { LoadRecord } from '../load/record.ts'
import type { Recorder } from '../load/recorder.ts'
import type { WireTls } from '../load/wire/client.ts'
import { UserError } from '../model/error.ts'
import type { Plan } from '../model/plan.ts'

/** What the traffic of a run needs to know besides its plan. */
export interface Traffic {
  readonly plan: Plan
  readonly seed: number
  readonly testId: string
  /** The scenario's environment that was chosen; '' for none. */
  readonly environment: string
  readonly recorder: Recorder
  readonly world: EngineWorld
  readonly host: Host
  /** Whether somebody else asked for it: nothing but its target is asked, and it finds nothing in the environment. */
  readonly isConfined?: boolean
}

/** How long the engine rehearses, milliseconds: arrivals must be on time from the first, users in a loop wait for each other anyway. */
export const REHEARSAL_MS = { open: 700, closed: 300 }

/** Sends a plan's traffic through our own client, after a rehearsal. Throws UserError for what is wrong with its flows or TLS files. */
export async function sendByWire({ plan, seed, testId, environment, recorder, world, host, isConfined = false }: Traffic): Promise<LoadRecord> {
  const [{ prepareUsers }, { loadCookieJars }, { createRandom }, { createWireClient }, { runWire }, { warmUp }, tls] = await Promise.all([
    import('../load/users.ts'), import('../load/flow/cookie.ts'), import('../load/flow/random.ts'), import('../load/wire/client.ts'), import('../load/wire-engine.ts'), import('../load/warm-up.ts'), readTls(host, plan),
  ])
  const now = (): number => world.now()
  const users = prepareUsers(plan, {
    now,
    random: createRandom(seed),
    scope: { random: createRandom(`${seed} templates`), date: () => host.wallTime().getTime(), env: isConfined ? {} : host.env, testId, environment, target: plan.target },
    createJar: await loadCookieJars(now),
  })
  const { maxConnections, keepAlive, maxHeaderBytes, maxBodyBytes } = plan.settings
  const client = (): ReturnType<typeof createWireClient> => createWireClient({ now, tls, maxConnections, keepAlive, maxHeaderBytes, maxBodyBytes })
  const forMs = plan.workloads.some(({ model }) => model === 'open') ? REHEARSAL_MS.open : REHEARSAL_MS.closed
  await warmUp(client(), forMs, (sink, enough) => users.rehearse(sink, () => enough() || world.drain.aborted), now)
  return runWire(users, recorder, isConfined ? await confined(client(), plan.target, now) : client(), world)
}

async function confined(client: WireClient, target: string, now: () => number): Promise<WireClient> {
  const [{ confineClient }, { parseOrigin }] = await Promise.all([import('../load/confined-client.ts'), import('../load/flow/destination.ts')])
  const home = parseOrigin(target)?.origin
  if (!home) throw new Error(`${target} is no address`)
  return confineClient(client, home, now)
}

/** The contents of the TLS files that a plan names. Throws UserError for one that cannot be read. */
export async function readTls(host: Host, { settings: { tls } }: Plan): Promise<WireTls> {
  const read = async (path: string | undefined): Promise<string | undefined> => {
    if (path === undefined) return undefined
    try {
      return await host.files.read(path)
    } catch (error) {
      throw new UserError({ code: 'FILE_MISSING', kind: 'input', message: `the TLS file ${path} cannot be read (${error instanceof Error ? error.message : String(error)})`, hint: 'check its path in the scenario' })
    }
  }
  const [ca, cert, key] = await Promise.all([read(tls.caFile), read(tls.certFile), read(tls.keyFile)])
  return { insecure: tls.insecure, serverName: tls.serverName, ca, cert, key }
}
