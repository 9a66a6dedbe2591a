import type { Outcome } from '../../model/health.ts'
import { UserError } from '../../model/error.ts'
import { valueOf } from '../../model/snapshot.ts'
import { plain } from '../../model/text.ts'
import { showDuration } from '../../model/unit.ts'
import type { Verdict } from '../../model/verdict.ts'
import type { ConfigOf } from '../../health-schema/schema.ts'
import { readLevels } from '../levels.ts'
import type { Look, LookContext } from '../look.ts'
import { single } from '../remark.ts'

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
  const { host, port } = readServer(server)
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
  const { warning, critical } = readLevels(config.offset, 'ms', { warning: 500, critical: 5_000 })
  const size = Math.abs(offsetMs)
  const both = (level: number | undefined) => (level === undefined ? undefined : { from: -level, to: level, isInside: false })
  const verdict: Verdict = critical !== undefined && size >= critical ? 'fail' : warning !== undefined && size >= warning ? 'warn' : 'ok'
  const level = verdict === 'fail' ? critical : warning
  const said = `${showDuration(size)} ${offsetMs >= 0 ? 'behind' : 'ahead of'} ${details.server}`
  const message = verdict === 'ok' ? said : `the clock is ${said} (${verdict === 'fail' ? 'critical' : 'warning'} at ${showDuration(level ?? Number.NaN)})`
  return single(verdict, message, verdict === 'ok' ? undefined : SET_IT, { measures: [{ name: 'offset', value: offsetMs, unit: 'ms', warning: both(warning), critical: both(critical) }], details, responseTimeMs })
}

/** `host`, `host:port`, `[address]:port` or an address of version 6 alone. */
function readServer(text: string): { readonly host: string; readonly port: number } {
  const [, bracketed, host, digits] = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d+))?$/.exec(text.trim()) ?? []
  const port = Number(digits ?? NTP_PORT)
  const name = bracketed ?? host ?? (/^[0-9a-f:.]+$/i.test(text.trim()) && text.includes('::') ? text.trim() : '')
  if (name === '' || !(port >= 1 && port <= 65_535)) throw new UserError({ code: 'INVALID_VALUE', kind: 'input', message: `"${plain(text, 80)}" is no time server`, hint: 'write it like pool.ntp.org or 192.168.1.1:123' })
  return { host: name, port }
}
