import type { Host } from '../host.ts'
import { openElsewhere, type Elsewhere } from './elsewhere/elsewhere.ts'
import { readFacts } from './facts.ts'
import type { Lane } from './local-feed.ts'

/** Looks at a system that is not Linux: what systeminformation can tell, one look at a time. */
export function openLane(host: Host, elsewhere: Elsewhere = openElsewhere(host)): Lane {
  return {
    look: async (withProcesses) => {
      // Counters are read soon after a look begins; when it ends depends on its slowest part, and rates would waver with that.
      const [monotonicMs, wallMs] = [host.now(), host.wallTime().getTime()]
      const { samples, processes } = await elsewhere.look(withProcesses)
      return {
        look: { monotonicMs, wallMs, samples },
        table: processes,
        // Other programs do the work here, and while they do this one waits.
        tableMs: 0,
      }
    },
    lookSlowly: () => readFacts(host),
    close: () => elsewhere.close(),
  }
}
