import { onTestFinished } from 'vitest'
import { main } from '../../src/main.ts'
import { startStandIn, TOKENS, type StandIn } from '../contract/stand-in.ts'
import { testHost, type TestHost } from '../host.ts'

export interface Ran {
  readonly code: number
  readonly out: string
  readonly err: string
  /** What came as JSON. */
  readonly json: { readonly success: boolean; readonly verdict: string; readonly data: Record<string, unknown>; readonly meta: Record<string, unknown>; readonly findings: readonly Record<string, unknown>[]; readonly error: Record<string, unknown> }
}

/** Runs a command against a stand-in of an instance, as an administrator. */
export async function runAt({ url }: Pick<StandIn, 'url'>, argv: readonly string[], { host = testHost([...argv, '--url', url], { env: { MEDIANEST_TOKEN: TOKENS.admin } }) }: { readonly host?: TestHost } = {}): Promise<Ran> {
  const code = await main(host)
  const out = host.out()
  return { code, out, err: host.err(), json: (out.startsWith('{') ? JSON.parse(out) : null) as Ran['json'] } // As the envelope of every command is.
}

/** A stand-in that ends with the test. */
export async function standIn(options: Parameters<typeof startStandIn>[0] = {}): Promise<StandIn> {
  const server = await startStandIn(options)
  onTestFinished(() => server.close())
  return server
}
