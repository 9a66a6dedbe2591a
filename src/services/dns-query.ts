import { Resolver } from 'node:dns/promises'
import { plain } from '../model/text.ts'
import { showDuration } from '../model/unit.ts'
import { codeOf, type Patience } from './problem.ts'

/** Kinds of records that can be asked for. */
export type RecordType = 'A' | 'AAAA' | 'CNAME' | 'MX' | 'NS' | 'TXT' | 'SRV'

/** What a name server said of one kind of record. */
export interface DnsAnswer {
  readonly record: RecordType
  /** `none` where the name is there without such a record, `no-name` where it is not there at all, `trouble` where it could not be told. */
  readonly state: 'found' | 'none' | 'no-name' | 'silent' | 'trouble'
  /** Untrusted; empty unless found. */
  readonly values: readonly string[]
  /** What went wrong, in words that follow the server's name: `does not answer`. */
  readonly trouble: string
  /** Milliseconds. */
  readonly ms: number
}

/** What a server is given before it is asked again: a packet may be lost. It doubles each time. */
const TRY_MS = 700
const TRIES = 5

/** How each kind is asked for, its values as text. */
const ASK: Readonly<Record<RecordType, (resolver: Resolver, name: string) => Promise<readonly string[]>>> = {
  A: (resolver, name) => resolver.resolve4(name),
  AAAA: (resolver, name) => resolver.resolve6(name),
  CNAME: (resolver, name) => resolver.resolveCname(name),
  MX: async (resolver, name) => (await resolver.resolveMx(name)).toSorted((a, b) => a.priority - b.priority).map(({ exchange }) => exchange),
  NS: (resolver, name) => resolver.resolveNs(name),
  TXT: async (resolver, name) => (await resolver.resolveTxt(name)).map((pieces) => pieces.join('')),
  SRV: async (resolver, name) => (await resolver.resolveSrv(name)).map((each) => `${each.name}:${each.port}`),
}

/** The name servers of this system, `address` or `address:port`; without those of a link (fe80::), which Node cannot be told to ask: it drops their interface. */
export function systemServers(): string[] {
  return new Resolver().getServers().filter((server) => !/^\[?fe[89ab]/i.test(server))
}

/** Asks one name server (`address`, `address:port`, `[address]:port`) for records of a name. Never rejects; the signal ends it as silence. */
export function queryServer({ server, name, records }: { readonly server: string; readonly name: string; readonly records: readonly RecordType[] }, patience: Patience): Promise<DnsAnswer[]> {
  const { signal } = patience
  const resolver = new Resolver({ timeout: TRY_MS, tries: TRIES })
  resolver.setServers([server])
  const cancel = (): void => resolver.cancel()
  signal.addEventListener('abort', cancel, { once: true })
  const started = performance.now()
  const asked = records.map(async (record): Promise<DnsAnswer> => {
    try {
      const values = await ASK[record](resolver, name)
      return { record, state: 'found', values, trouble: '', ms: performance.now() - started }
    } catch (error) {
      const timeoutMs = signal.aborted ? patience.timeoutMs : performance.now() - started
      return { record, values: [], ms: performance.now() - started, ...meaning(codeOf(error), timeoutMs) }
    }
  })
  if (signal.aborted) cancel()
  return Promise.all(asked).finally(() => signal.removeEventListener('abort', cancel))
}

function meaning(code: string, timeoutMs: number): Pick<DnsAnswer, 'state' | 'trouble'> {
  switch (code) {
    case 'ENOTFOUND': return { state: 'no-name', trouble: 'says there is no such name (NXDOMAIN)' }
    case 'ENODATA': return { state: 'none', trouble: 'has no such record' }
    case 'ECANCELLED': case 'ETIMEOUT': return { state: 'silent', trouble: `gave no answer within ${showDuration(timeoutMs)}` }
    case 'ESERVFAIL': return { state: 'trouble', trouble: 'failed at it (SERVFAIL)' }
    case 'EREFUSED': return { state: 'trouble', trouble: 'refuses to answer (REFUSED)' }
    case 'ECONNREFUSED': return { state: 'trouble', trouble: 'does not listen there' }
    case 'EBADRESP': return { state: 'trouble', trouble: 'gave an answer that cannot be read' }
    case 'EFORMERR': return { state: 'trouble', trouble: 'did not understand the question (FORMERR)' }
    case 'ENOTIMP': return { state: 'trouble', trouble: 'cannot answer such a question (NOTIMP)' }
    case 'EBADNAME': return { state: 'trouble', trouble: 'was not asked: no name looks like that' }
    default: return { state: 'trouble', trouble: `could not be asked (${plain(code || 'for no known reason', 40)})` }
  }
}
