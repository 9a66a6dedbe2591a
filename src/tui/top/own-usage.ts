import type { Host } from '../../host.ts'

/** What this program itself uses: share of one core since the look before, bytes. */
export interface OwnUsage {
  readonly cpu: number
  readonly memoryBytes: number
}

/** Looks again when the last look is this old, milliseconds. */
const LOOK_MS = 900

/** Opens a watch over the program itself; the first share counts from here. */
export function watchOwnUsage(host: Pick<Host, 'now' | 'usage'>): () => OwnUsage {
  let at = host.now()
  let { cpuMs, rssBytes } = host.usage()
  let shown: OwnUsage = { cpu: Number.NaN, memoryBytes: rssBytes }
  return () => {
    const now = host.now()
    if (now - at < LOOK_MS) return shown
    const usage = host.usage()
    shown = { cpu: (usage.cpuMs - cpuMs) / (now - at), memoryBytes: usage.rssBytes }
    ;({ cpuMs, rssBytes } = usage)
    at = now
    return shown
  }
}
