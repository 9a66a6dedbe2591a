import { readSecret } from '../services/secret.ts'
import type { HealthWorld } from '../health/world.ts'
import { UserError } from '../model/error.ts'
import { STATE_WORDS } from '../model/health.ts'
import type { Report } from '../model/report.ts'
import type { HealthContext } from './health-run.ts'

/** A dead man's switch that is told of runs; problems with it are said on stderr and change nothing. */
export interface Pings {
  /** Tells of the beginning, beside the checks. */
  start(): void
  /** Tells of the end, or of nothing where the run was broken off, which is neither a success nor a failure; takes ten seconds at most, whatever hangs. */
  end(report: Report | null): Promise<void>
}

/** For one try. */
const TRY_MS = 4_000
/** Before the second, which is the last: nobody who waits for the exit code should have to wait for the switch. */
const PAUSES_MS = [1_000]
const START_GRACE_MS = 500

/** The switch that was asked for; one that hears nothing where there is none. Throws UserError `NO_SECRET` or `INVALID_URL`. */
export async function openPings({ host, config, flags, note }: HealthContext, world: HealthWorld): Promise<Pings> {
  const address = (flags.ping ?? (host.env['MEDIANEST_PING_URL'] || (await readSecret(config.health?.file.ping, world))))?.trim()
  if (address === undefined) return { start: () => undefined, end: async () => undefined }
  if (!URL.canParse(address) || !/^https?:$/.test(new URL(address).protocol)) throw new UserError({ code: 'INVALID_URL', kind: flags.ping === undefined ? 'input' : 'usage', message: 'the address to ping is no http:// or https:// url', hint: 'write it as the dead man\'s switch gives it, with https:// before it' })
  const [{ ping }, { sendHttp }] = await Promise.all([import('../health/ping.ts'), import('../services/http.ts')])
  const tell = async (kind: Parameters<typeof ping>[1], text: string, tries: Pick<Parameters<typeof ping>[3], 'signal' | 'pausesMs'>): Promise<void> => {
    const problem = await ping(address, kind, text, { send: sendHttp, timeoutMs: TRY_MS, ...tries })
    if (problem !== null) await note(`warning: ${problem}`)
  }
  let started = Promise.resolve()
  let startIsLate = new AbortController()
  return {
    start: () => {
      startIsLate = new AbortController()
      started = tell('start', '', { signal: AbortSignal.any([host.interrupts.stop, startIsLate.signal]), pausesMs: [] })
    },
    end: async (report) => {
      // A start that is told after the end would look like a run that hangs.
      const late = setTimeout(() => startIsLate.abort(), START_GRACE_MS)
      await started
      clearTimeout(late)
      if (report) await tell(report.verdict === 'ok' || report.verdict === 'warn' ? 'success' : 'fail', textOf(report), { signal: host.interrupts.stop, pausesMs: PAUSES_MS })
    },
  }
}

/** What is wrong in a line each, in words that are known from elsewhere. */
function textOf({ title, verdict, findings }: Report): string {
  const counted = findings.filter((finding) => finding.verdict !== 'ok')
  const excused = findings.filter(({ excuse }) => excuse !== undefined)
  return [
    `${title}: ${STATE_WORDS[verdict]}`,
    ...counted.map((finding) => `${STATE_WORDS[finding.verdict]}: ${finding.title}`),
    ...excused.map(({ title: text, excuse = '' }) => `not counted: ${text}${text.includes(excuse) ? '' : ` (${excuse})`}`),
    '',
  ].join('\n')
}
