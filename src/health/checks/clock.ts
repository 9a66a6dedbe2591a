import type { Measure, Outcome } from '../../model/health.ts'
import { valueOf } from '../../model/snapshot.ts'
import { plain } from '../../model/text.ts'
import { showDuration } from '../../model/unit.ts'
import type { ConfigOf } from '../../health-schema/schema.ts'
import { judge, readLevels } from '../levels.ts'
import type { Look, LookContext } from '../look.ts'
import { outcomeOf, single } from '../remark.ts'
import { readHostPort } from '../web-address.ts'

const NTP_PORT = 123
const SET_IT = 'see what the time service does with: timedatectl timesync-status (or chronyc tracking)'

/** Whether the clock is right: by a time server, or by what systemd's time service says. */
export const look: Look<'clock'> = async (config, context) => {
  if (config.server !== undefined) return compare(config.server, config, context)
  const synchronized = valueOf(await context.world.machine(), 'clock.synchronized')
  // Other time services leave no word.
  if (Number.isNaN(synchronized)) return null
  if (synchronized === 1) return single('ok', 'set by the time service')
  return single('warn', 'the time service has not set the clock since it started', SET_IT)
}

async function compare(server: string, config: ConfigOf<'clock'>, { world, signal, timeoutMs }: LookContext): Promise<Outcome> {
  const { askNtp, NtpProblem } = await import('../../services/ntp.ts')
  const soon = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs * 0.9)])
  const { host, port } = readHostPort(server, NTP_PORT)
  try {
    const { offsetMs, delayMs, stratum } = await askNtp({ host, port, wallMs: () => world.wallTime().getTime(), now: () => world.now() }, soon)
    return judgeOffset(offsetMs, config, { server: plain(server), offset: offsetMs, delay: delayMs, stratum }, delayMs)
  } catch (error) {
    if (!(error instanceof NtpProblem)) throw error
    return single('fail', error.message, 'check the name of the time server, and that UDP port 123 is let through')
  }
}

/** The server is ahead by the offset; what is bad is its size, on either side. */
function judgeOffset(offsetMs: number, config: ConfigOf<'clock'>, details: Outcome['details'] & { readonly server: string }, responseTimeMs: number): Outcome {
  const levels = readLevels(config.offset, 'ms', { warning: 500, critical: 5_000 })
  const side = `${offsetMs >= 0 ? 'behind' : 'ahead of'} ${details.server}`
  const { remark } = judge({ name: 'offset', value: Math.abs(offsetMs), unit: 'ms', levels, bad: 'above', say: (size) => `the clock is ${size} ${side}`, recommendation: SET_IT })
  const both = (level: number | undefined) => (level === undefined ? undefined : { from: -level, to: level, isInside: false })
  const measure: Measure = { name: 'offset', value: offsetMs, unit: 'ms', warning: both(levels.warning), critical: both(levels.critical) }
  return outcomeOf({ fine: `${showDuration(Math.abs(offsetMs))} ${side}`, remarks: [remark], measures: [measure], details, responseTimeMs })
}
