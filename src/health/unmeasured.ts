import type { Outcome } from '../model/health.ts'
import type { MachineLook } from '../model/machine-look.ts'
import { plain } from '../model/text.ts'
import { single } from './remark.ts'

/** The outcome where this machine does not say what was asked: `what` is named, and why where the probe knew. */
export function unmeasured({ failures }: Pick<MachineLook, 'failures'>, probe: string, what: string): Outcome {
  const reason = failures.get(probe)
  return single('unknown', `${what} could not be told${reason === undefined ? '' : `: ${plain(reason)}`}`, 'see whether /proc and /sys are there and may be read by the user this runs as')
}
