import { STATUS_WORDS, type Measure } from '../../model/health.ts'
import { plain } from '../../model/text.ts'
import { showDuration } from '../../model/unit.ts'
import { VERDICTS, type Verdict } from '../../model/verdict.ts'
import { NetworkProblem, showEndpoint, type Patience } from '../../services/problem.ts'
import { connectTcp } from '../../services/tcp.ts'
import { judge, readLevels, type Levels } from '../levels.ts'
import type { Look } from '../look.ts'
import { askSeveral, inTime } from '../patience.ts'
import { outcomeOf, type Remark } from '../remark.ts'
import { readHostPort } from '../web-address.ts'

interface Target {
  readonly name: string
  readonly host: string
  readonly port: number
}

interface Reached {
  readonly target: Target
  /** Milliseconds; NaN where it was not reached. */
  readonly ms: number
  readonly remark: Remark | null
}

/** Connects to addresses over TCP and closes again. */
export const look: Look<'connectivity'> = (config, context) => inTime(context, async (patience) => {
  const targets = [config.target].flat().map((text): Target => {
    const { host, port } = readHostPort(text)
    return { host, port, name: plain(showEndpoint(host, port), 260) }
  })
  const need = config.need ?? 'all'
  // Where one is enough, the slow ones need not be waited for.
  const all = need === 'any'
    ? await askSeveral(targets, patience, reach, ({ remark }) => remark === null)
    : await Promise.all(targets.map((target) => reach(target, patience)))
  const isEnough = need === 'any' && all.some(({ remark }) => remark === null)
  const levels = readLevels(config.responseTime, 'ms')
  const judged = all.filter(({ remark }) => remark === null).map((each) => judgeTime(each, levels))
  const missing = all.flatMap(({ remark }) => remark ?? [])
  const fastest = Math.min(...all.map(({ ms }) => ms).filter((ms) => !Number.isNaN(ms)))
  // Of several of which one is enough, the fastest decides.
  const slow = judged.map(({ remark }) => remark)
  const outcome = outcomeOf({
    fine: fine(all, missing),
    remarks: isEnough ? (slow.some((remark) => remark === null) ? [] : slow.filter((remark) => remark?.verdict === mildest(slow)).slice(0, 1)) : [...missing, ...slow],
    measures: judged.map(({ measure }) => measure),
    responseTimeMs: Number.isFinite(fastest) ? Math.max(...all.map(({ ms }) => (Number.isNaN(ms) ? 0 : ms))) : undefined,
  })
  const targetWords = Object.fromEntries(all.map(({ target, remark }) => [target.name, STATUS_WORDS[remark?.verdict ?? 'ok']]))
  return { ...outcome, details: { internetConnectivity: STATUS_WORDS[outcome.verdict], targets: targetWords } }
})

async function reach(target: Target, patience: Patience): Promise<Reached> {
  try {
    const { socket, dnsMs, tcpMs } = await connectTcp({ ...target, patience })
    socket.destroy()
    return { target, ms: (dnsMs ?? 0) + tcpMs, remark: null }
  } catch (error) {
    if (!(error instanceof NetworkProblem)) throw error
    return { target, ms: Number.NaN, remark: { verdict: error.kind === 'local' ? 'unknown' : 'fail', text: error.message, recommendation: error.hint } }
  }
}

function judgeTime({ target, ms }: Reached, levels: Levels): { readonly measure: Measure; readonly remark: Remark | null } {
  return judge({ name: 'time', of: target.name, value: ms, unit: 'ms', levels, bad: 'above', min: 0, say: (value) => `${target.name} took ${value} to accept`, recommendation: 'see the network between, and the load of the service' })
}

function mildest(remarks: readonly (Remark | null)[]): Verdict | undefined {
  return VERDICTS.find((verdict) => remarks.some((remark) => remark?.verdict === verdict))
}

function fine(all: readonly Reached[], missing: readonly Remark[]): string {
  const reached = all.filter(({ remark }) => remark === null).map(({ target, ms }) => `${target.name} in ${showDuration(ms)}`)
  const shown = reached.length > 3 ? [...reached.slice(0, 3), `${reached.length - 3} more`] : reached
  return missing.length === 0 ? `reached ${shown.join(', ')}` : `reached ${shown.join(', ')} (one is enough); ${missing.map(({ text }) => text).join('; ')}`
}
