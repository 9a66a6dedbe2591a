import type { Host } from '../host.ts'
import { openElsewhere } from './elsewhere/elsewhere.ts'
import { readFacts } from './facts.ts'
import type { Lane } from './local-feed.ts'

/** Looks at a system that is not Linux: what systeminformation can tell, one look at a time. */
export function openLane(host: Host): Lane {
  const elsewhere = openElsewhere(host)
  return {
    look: async () => {
      const { samples, processes } = await elsewhere.look()
      return { look: { monotonicMs: host.now(), wallMs: host.wallTime().getTime(), samples }, table: processes }
    },
    lookSlowly: () => readFacts(host),
    close: () => elsewhere.close(),
  }
}
