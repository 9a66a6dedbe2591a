import type { ConfigOf } from '../../health-schema/schema.ts'
import type { Outcome } from '../../model/health.ts'
import { showDuration } from '../../model/unit.ts'
import type { HttpAnswer } from '../../services/http.ts'
import type { Look } from '../look.ts'
import { inTime } from '../patience.ts'
import { outcomeOf, type Remark } from '../remark.ts'
import { readSecret } from '../../services/secret.ts'
import { asObject, missing, notAnAnswer, numberOf, readObject, strange, textOf, type ServiceObject } from '../service-answer.ts'
import { below, readUrl, showUrl } from '../web-address.ts'
import { judgeExchange, openWeb, problemOutcome, saying, showPhases, type Send } from '../web-client.ts'

type Config = ConfigOf<'plex'>

/** Asks a Plex Media Server who it is, and with a token for its libraries. */
export const look: Look<'plex'> = (config, context) => inTime(context, async (patience) => {
  const base = readUrl(config.url)
  const token = await readSecret(config.token, context.world)
  const send = await openWeb(config, context, patience)
  try {
    return saying(config, base, await ask(config, base, token, send, context.world.wallTime().getTime()))
  } catch (error) {
    return saying(config, base, problemOutcome(error, { serverUrl: showUrl(base) }))
  }
})

async function ask(config: Config, base: URL, token: string | undefined, send: Send, now: number): Promise<Outcome> {
  const get = (path: string): Promise<HttpAnswer> => send({ url: below(base, path), method: 'GET', headers: { accept: 'application/json', ...(token === undefined ? {} : { 'x-plex-token': token }) } })
  const answer = await get('/identity')
  const identity = containerOf(answer)
  const version = textOf(identity?.['version'])
  const wrong = answer.status === 404 ? missing('Plex') : notAnAnswer(answer, base, { credential: 'token' }) ?? (textOf(identity?.['machineIdentifier']) === undefined || version === undefined ? strange('Plex') : undefined)
  const libraries = wrong === undefined && token !== undefined ? countLibraries(await get('/library/sections'), base) : { count: undefined, remark: null }
  const exchange = judgeExchange(config, { phases: answer.phases, totalMs: answer.phases.total, certificateEndsAt: answer.certificateEndsAt, now })
  return outcomeOf({
    fine: `Plex ${version ?? ''}${libraries.count === undefined ? '' : `, ${libraries.count === 1 ? '1 library' : `${libraries.count} libraries`}`}, in ${showDuration(answer.phases.total)}`,
    remarks: [wrong ?? null, libraries.remark, ...exchange.remarks],
    measures: [...exchange.measures, ...(libraries.count === undefined ? [] : [{ name: 'libraries', value: libraries.count, unit: 'count' as const, min: 0 }])],
    responseTimeMs: answer.phases.total,
    details: {
      ...(version === undefined ? {} : { version }), ...(libraries.count === undefined ? {} : { libraries: libraries.count }), serverUrl: showUrl(base),
      ...(identity === undefined ? {} : { machineIdentifier: textOf(identity['machineIdentifier']) ?? null, claimed: isClaimed(identity['claimed']) }), phases: showPhases(answer.phases),
    },
  })
}

function countLibraries(answer: HttpAnswer, base: URL): { readonly count: number | undefined; readonly remark: Remark | null } {
  const wrong = notAnAnswer(answer, base, { what: 'its libraries: ', credential: 'token' })
  if (wrong) return { count: undefined, remark: wrong }
  const container = containerOf(answer)
  const listed = container?.['Directory']
  const count = numberOf(container?.['size']) ?? (Array.isArray(listed) ? listed.length : undefined)
  return { count, remark: count === undefined ? { ...strange('Plex'), text: 'its libraries: answered, but not as Plex does' } : null }
}

// The MediaContainer of an answer, in JSON or in the XML that older servers and some proxies send.
function containerOf(answer: HttpAnswer): ServiceObject | undefined {
  const json = readObject(answer)
  if (json) return asObject(json['MediaContainer'])
  const attributes = /<MediaContainer\b((?:\s+[\w:]+="[^"]*")*)/.exec(answer.body)?.[1]
  if (attributes === undefined) return undefined
  const pairs = [...attributes.matchAll(/([\w:]+)="([^"]*)"/g)].map(([, name = '', value = '']): [string, unknown] => [name, name === 'size' ? Number(value) : value])
  return Object.fromEntries(pairs)
}

function isClaimed(value: unknown): boolean | null {
  return typeof value === 'boolean' ? value : value === '1' || value === 1 ? true : value === '0' || value === 0 ? false : null
}
