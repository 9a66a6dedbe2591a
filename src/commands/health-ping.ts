import { readSecret } from '../health/secret.ts'
import type { HealthWorld } from '../health/world.ts'
import { STATE_WORDS } from '../model/health.ts'
import type { Report } from '../model/report.ts'
import type { HealthContext } from './health-run.ts'

/** A dead man's switch that is told of runs; problems with it are said on stderr and change nothing. */
export interface Pings {
  start(): Promise<void>
  end(report: Report): Promise<void>
}

/** The switch that was asked for; one that hears nothing where there is none. Throws UserError `NO_SECRET`. */
export async function openPings({ host, config, flags, note }: HealthContext, world: HealthWorld): Promise<Pings> {
  const address = flags.ping ?? (host.env['MEDIANEST_PING_URL'] || (await readSecret(config.health?.file.ping, world)))
  if (address === undefined || address === '') return { start: async () => undefined, end: async () => undefined }
  const [{ ping }, { sendHttp }] = await Promise.all([import('../health/ping.ts'), import('../services/http.ts')])
  const send = async (kind: Parameters<typeof ping>[1], text: string): Promise<void> => {
    const problem = await ping(address.trim(), kind, text, { send: sendHttp, signal: host.interrupts.stop })
    if (problem !== null) await note(`warning: ${problem}`)
  }
  return {
    start: () => send('start', ''),
    end: (report) => send(report.verdict === 'ok' || report.verdict === 'warn' ? 'success' : 'fail', textOf(report)),
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
