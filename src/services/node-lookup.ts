import { isIP, type LookupFunction } from 'node:net'
import { lookUp } from './dns.ts'
import { NetworkProblem, patienceUntil } from './problem.ts'

/**
 * The `lookup` of what Node connects (`net.connect`), for clients that open their sockets themselves: names are found as `lookUp` finds them, so that no thread
 * waits for a dead name server and holds up the end of the process. Fails with the codes of getaddrinfo(3). `signalOf` is asked for each name what ends its search.
 */
export function nodeLookup(signalOf: () => AbortSignal): LookupFunction {
  return (name, { all }, done) => {
    lookUp(name, patienceUntil(signalOf())).then(({ addresses }) => {
      const found = addresses.map((address) => ({ address, family: isIP(address) }))
      const [first] = found
      if (all) done(null, found)
      else done(null, first?.address ?? '', first?.family)
    }, (error: unknown) => {
      const code = error instanceof NetworkProblem && error.kind === 'no-answer' ? 'EAI_AGAIN' : 'ENOTFOUND'
      done(Object.assign(error instanceof Error ? error : new Error(String(error)), { code }), '', 0)
    })
  }
}
