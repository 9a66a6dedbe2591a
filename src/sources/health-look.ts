import type { Host } from '../host.ts'
import type { FileSystem, MachineLook } from '../model/machine-look.ts'
import type { Process } from '../model/process.ts'
import type { Samples } from '../model/snapshot.ts'

/** What is needed of the host to look at its health. */
export type HealthLookHost = Pick<Host, 'machine' | 'now' | 'wallTime' | 'env' | 'pid' | 'files'>

/** One way of looking at this machine's health: levels at once, nothing watched. */
export interface HealthLook {
  /** Levels and counters of this machine; what cannot tell is among its failures. */
  machine(): Promise<MachineLook>
  /** Looks twice, so long apart (or until the signal), at what can only be told of a time: the use of processors. */
  usage(overMs: number, signal: AbortSignal): Promise<Samples>
  /** The file systems of these paths, or all that matter. Takes no longer than the deadline and never rejects. */
  fileSystems(paths: readonly string[] | undefined, deadlineMs: number): Promise<readonly FileSystem[]>
  /** The processes but for this one and its own. Rejects where they cannot be listed. */
  processes(): Promise<readonly Process[]>
  /** Gives back what is kept open; idempotent. */
  close(): void
}

/** Looks that are asked for within this time are one. */
const SHARED_MS = 1_000

/** This machine's health, for as long as there are checks to run. Nothing is read, and hardly anything loaded, before it is asked for. */
export async function openHealthLook(host: HealthLookHost): Promise<HealthLook> {
  const { openLook } = await (host.machine.platform === 'linux' ? import('./linux-health-look.ts') : import('./elsewhere-health-look.ts'))
  const look = openLook(host)
  return {
    machine: shared(host, () => look.machine()),
    usage: (overMs, signal) => look.usage(overMs, signal),
    fileSystems: (paths, deadlineMs) => look.fileSystems(paths?.map((path) => host.files.resolve(path)), deadlineMs),
    processes: shared(host, () => look.processes()),
    close: () => look.close(),
  }
}

/** Asks at most once in a while; a look that failed is not kept. */
function shared<T>(host: Pick<Host, 'now'>, ask: () => Promise<T>): () => Promise<T> {
  let last: { readonly at: number; readonly found: Promise<T> } | undefined
  return () => {
    if (last && host.now() - last.at < SHARED_MS) return last.found
    const found = ask()
    last = { at: host.now(), found }
    found.catch(() => (last = undefined))
    return found
  }
}
