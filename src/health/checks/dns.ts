import { isIP } from 'node:net'
import type { ConfigOf } from '../../health-schema/schema.ts'
import { STATUS_WORDS, type Outcome } from '../../model/health.ts'
import { plain } from '../../model/text.ts'
import { showDuration } from '../../model/unit.ts'
import { lookUp } from '../../services/dns.ts'
import { queryServer, systemServers, type DnsAnswer, type RecordType } from '../../services/dns-query.ts'
import { askHostsFile } from '../../services/hosts-file.ts'
import { NetworkProblem, showEndpoint, type Patience } from '../../services/problem.ts'
import { judge, readLevels } from '../levels.ts'
import type { Look } from '../look.ts'
import { askSeveral, inTime } from '../patience.ts'
import { outcomeOf, type Remark } from '../remark.ts'
import { readHostPort, type HostPort } from '../web-address.ts'

type Config = ConfigOf<'dns'>

/** What one server said to all questions. */
interface ServerAnswer {
  readonly server: string
  readonly answers: readonly DnsAnswer[]
  /** The values of all records that were found; untrusted. */
  readonly values: readonly string[]
  /** Until the last answer that counts, milliseconds. */
  readonly ms: number
  /** Nothing where it told all that was asked. */
  readonly trouble: string | null
}

const DNS_PORT = 53
const EITHER: readonly RecordType[] = ['A', 'AAAA']

/** Resolves a name, by the servers that are named or as this machine does. */
export const look: Look<'dns'> = (config, context) => inTime(context, async (patience) => {
  const name = config.host.replace(/\.$/, '')
  const own = config.server === undefined && config.records === undefined ? await askMachine(name) : null
  if (own) return judgeAnswers(config, name, [own])
  const servers = config.server === undefined ? systemServers().map((text) => readHostPort(text, DNS_PORT)) : await Promise.all([config.server].flat().map((text) => readServer(text, patience)))
  const told = await askSeveral(servers, patience, (server, within) => askServer(server, name, config.records, within), ({ trouble }) => trouble === null)
  if (told.some(({ values }) => values.length > 0) || config.server !== undefined || config.records !== undefined) return judgeAnswers(config, name, told)
  const other = await askElsewhere(name, told, patience)
  return judgeAnswers(config, name, other ? [other] : told)
})

/** What this machine knows itself: addresses, and names of its hosts file. */
async function askMachine(name: string): Promise<ServerAnswer | null> {
  const started = performance.now()
  const values = isIP(name) ? [name] : await askHostsFile(name)
  return values.length === 0 ? null : { server: isIP(name) ? 'the address itself' : '/etc/hosts', answers: [], values, ms: performance.now() - started, trouble: null }
}

/** Names that no server knows and this machine does: multicast, search domains. A silent server is not asked again. */
async function askElsewhere(name: string, told: readonly ServerAnswer[], patience: Patience): Promise<ServerAnswer | null> {
  if (told.some(({ answers }) => answers.some(({ state }) => state === 'silent'))) return null
  try {
    const { addresses, ms } = await lookUp(name, patience)
    return { server: 'this machine', answers: [], values: addresses, ms: ms ?? 0, trouble: null }
  } catch (error) {
    if (error instanceof NetworkProblem) return null
    throw error
  }
}

async function readServer(text: string, patience: Patience): Promise<HostPort> {
  const { host, port } = readHostPort(text, DNS_PORT)
  const address = isIP(host) ? host : (await lookUp(host, patience).catch(() => undefined))?.addresses[0]
  return { host: address ?? host, port }
}

async function askServer({ host, port }: HostPort, name: string, records: readonly RecordType[] | undefined, patience: Patience): Promise<ServerAnswer> {
  const server = showEndpoint(host, port)
  const shown = plain(port === DNS_PORT ? host : server, 100)
  if (!isIP(host)) return { server: shown, answers: [], values: [], ms: Number.NaN, trouble: 'is a name that does not resolve itself' }
  const answers = await queryServer({ server, name, records: records ?? EITHER }, patience)
  const found = answers.filter(({ state }) => state === 'found')
  return { server: shown, answers, values: found.flatMap(({ values }) => values), ms: Math.max(...(found.length > 0 ? found : answers).map(({ ms }) => ms)), trouble: troubleOf(answers, records) }
}

function troubleOf(answers: readonly DnsAnswer[], records: readonly RecordType[] | undefined): string | null {
  const bad = answers.filter(({ state }) => state === 'silent' || state === 'trouble')
  const missing = answers.filter(({ state }) => state === 'none' || state === 'no-name')
  const [first] = bad
  if (first !== undefined) return `${first.trouble}${bad.length < answers.length ? ` to the question for ${bad.map(({ record }) => record).join(' and ')}` : ''}`
  // Of A and AAAA, which nobody asked for by name, one is enough.
  if (missing.length === 0 || (records === undefined && missing.length < answers.length)) return null
  if (missing.some(({ state }) => state === 'no-name')) return missing.find(({ state }) => state === 'no-name')?.trouble ?? null
  return `has no ${missing.map(({ record }) => record).join(' or ')} record of it`
}

const ADVICE = 'see whether the name server runs, can be reached from here, and has this name'

function judgeAnswers({ expect, records, responseTime }: Config, name: string, told: readonly ServerAnswer[]): Outcome {
  const shownName = plain(name, 253)
  const good = told.filter(({ trouble }) => trouble === null).toSorted((a, b) => a.ms - b.ms)
  const best = good[0] ?? told.find(({ values }) => values.length > 0)
  const troubled = told.flatMap(({ server, trouble }): Remark[] => (trouble === null ? [] : [{ verdict: best === undefined ? 'fail' : 'warn', text: `${server} ${trouble}`, recommendation: ADVICE }]))
  const values = best?.values ?? []
  // A family of addresses that nobody asked for by name may be missing.
  const isMissed = good.length === 0 && records !== undefined
  // Whoever asks may get the answer of any of them.
  const answered = good.length > 0 || best === undefined ? good : [best]
  const wrong = answered.flatMap(({ server, values: its }): Remark[] => {
    const missing = missingOf([expect ?? []].flat(), its)
    return missing.length === 0 ? [] : [{ verdict: 'fail', text: `${shownName} is ${shown(its)}${answered.length > 1 ? ` for ${server}` : ''}, expected ${missing.map((each) => plain(each, 100)).join(', ')}`, recommendation: 'see who changed the entry, or what answers in its place' }]
  })
  const time = judge({ name: 'time', value: best?.ms ?? Number.NaN, unit: 'ms', levels: readLevels(responseTime, 'ms'), bad: 'above', min: 0, say: (value) => `took ${value} to resolve`, recommendation: 'see the load of the name server and the network to it' })
  const remarks: (Remark | null)[] = best === undefined
    ? [{ verdict: 'fail', text: `${shownName} does not resolve: ${troubled.map(({ text }) => text).join('; ') || 'there is no name server to ask'}`, recommendation: told.some(({ answers }) => answers.some(({ state }) => state === 'silent' || state === 'trouble')) || told.length === 0 ? ADVICE : 'check its spelling, and that its DNS entry is still there' }]
    : [...wrong, ...troubled.map((remark) => (isMissed ? { ...remark, verdict: 'fail' as const } : remark)), time.remark]
  const outcome = outcomeOf({
    fine: `${shownName} is ${shown(values)} (${showDuration(best?.ms ?? Number.NaN)}, from ${best?.server ?? 'nobody'})`,
    remarks, measures: best === undefined ? [] : [time.measure], responseTimeMs: best?.ms,
  })
  return { ...outcome, details: { dnsResolution: STATUS_WORDS[outcome.verdict], host: shownName, addresses: values.map((each) => plain(each, 255)), servers: Object.fromEntries(told.map(({ server, trouble }) => [server, trouble ?? 'healthy'])) } }
}

function missingOf(expected: readonly string[], values: readonly string[]): string[] {
  const bare = new Set(values.map(canonical))
  return expected.filter((each) => !bare.has(canonical(each)))
}

// Names without case and last dot, addresses as a URL writes them.
function canonical(value: string): string {
  return isIP(value) === 6 ? new URL(`http://[${value.replace(/%.*/, '')}]`).hostname.slice(1, -1) : value.toLowerCase().replace(/\.$/, '')
}

function shown(values: readonly string[]): string {
  const some = values.slice(0, 4).map((each) => plain(each, 100)).join(', ')
  return values.length > 4 ? `${some} and ${values.length - 4} more` : some
}
