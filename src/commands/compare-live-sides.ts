import type { Host } from '../host.ts'
import type { Build } from '../sources/builds/build.ts'
import { addressTaken, endedEarly, missingSide, notReady, sameAddress } from './compare-live-errors.ts'
import type { LiveFlags } from './compare-live-flags.ts'

export type SideName = 'base' | 'head'
/** Both, the baseline first. */
export const SIDES: readonly SideName[] = ['base', 'head']

/** Where a side answers, and how it is started where it is not running. */
export interface LiveSide {
  readonly name: SideName
  readonly url: string
  readonly command: string | undefined
}

type SidePair<T> = Readonly<Record<SideName, T>>

/** Where both sides are; those to be started without an address get free ports. Throws UserError for a side that is missing, or the same twice. */
export async function liveSides(flags: LiveFlags): Promise<SidePair<LiveSide>> {
  const given = { base: { url: flags.baseUrl, command: flags.baseCmd }, head: { url: flags.headUrl, command: flags.headCmd } }
  for (const name of SIDES) if (given[name].url === undefined && given[name].command === undefined) throw missingSide(name)
  const { freePorts } = await import('../sources/builds/free-ports.ts')
  const ports = await freePorts(2)
  const of = (name: SideName, port = 0): LiveSide => ({ name, command: given[name].command, url: given[name].url ?? `http://127.0.0.1:${port}` })
  const sides = { base: of('base', ports[0]), head: of('head', ports[1]) }
  if (placeOf(sides.base.url) === placeOf(sides.head.url)) throw sameAddress(sides.base.url)
  return sides
}

/** An address for people, without what may be a secret in its query. */
export function shownAddress(url: string): string {
  const { origin, pathname } = new URL(url)
  return `${origin}${pathname === '/' ? '' : pathname}`
}

/** The same for addresses that mean the same. */
function placeOf(address: string): string {
  const url = new URL(address)
  const host = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\]|0\.0\.0\.0)$/.test(url.hostname) ? 'loopback' : url.hostname
  return `${url.protocol}//${host}:${url.port}${url.pathname.replace(/\/+$/, '')}${url.search}`
}

/** Builds that were started, by side. */
export type Builds = Partial<SidePair<Build>>

/** What starting takes of the world. */
export interface StartingWorld {
  readonly host: Host
  readonly flags: LiveFlags
  /** Told of each build as soon as it runs, so that it is ended whatever happens. */
  readonly started: (side: SideName, build: Build) => void
  readonly signal: AbortSignal
}

const READY_MS = 30_000

/** Starts what is to be started, both at once, and waits until all answer; false when the signal ended that. Throws UserError for a build that does not come up. */
export async function startSides(sides: SidePair<LiveSide>, world: StartingWorld): Promise<boolean> {
  const [{ startBuild }, { isListenedAt, untilItAnswers }] = await Promise.all([import('../sources/builds/build.ts'), import('../sources/builds/ready.ts')])
  const { host, flags, signal } = world
  const commanded = SIDES.flatMap((name) => (sides[name].command === undefined ? [] : [{ ...sides[name], command: sides[name].command }]))
  for (const { name, url } of commanded) if (await isListenedAt(new URL(url))) throw addressTaken(name, url)
  const timeoutMs = flags.readyTimeout ?? READY_MS
  const failed = new AbortController()
  const start = async ({ name, url, command }: (typeof commanded)[number]): Promise<void> => {
    const port = portOf(url)
    const build = startBuild({ command: command.replaceAll('{port}', port), directory: host.cwd, env: { ...host.env, PORT: port, MEDIANEST_PERF_CI: 'off' }, kill: (pid, number) => host.kill(pid, number), isRunning: (pid) => host.isRunning(pid) })
    world.started(name, build)
    const question = flags.ready === undefined ? new URL(url) : new URL(`${url.replace(/\/+$/, '')}/${flags.ready.replace(/^\/+/, '')}`)
    const problem = await untilItAnswers({ url: question, mustSucceed: flags.ready !== undefined, insecure: flags.insecure ?? false, signal: AbortSignal.any([signal, failed.signal, build.ended, AbortSignal.timeout(timeoutMs)]) })
    if (problem === null || signal.aborted || failed.signal.aborted) return
    const hasEnded = build.ended.aborted
    await build.stop()
    throw hasEnded ? endedEarly(name, String(build.ended.reason), build.lastWords()) : notReady(name, question.href, problem, timeoutMs, build.lastWords())
  }
  // The first that fails ends the waiting for the other.
  const outcomes = await Promise.allSettled(commanded.map((side) => start(side).catch((error: unknown) => {
    failed.abort()
    throw error
  })))
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
  return !signal.aborted
}

function portOf(address: string): string {
  const url = new URL(address)
  return url.port || (url.protocol === 'https:' ? '443' : '80')
}
