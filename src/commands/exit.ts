import type { UserError } from '../model/error.ts'
import type { Report } from '../model/report.ts'
import type { Verdict } from '../model/verdict.ts'

/** The situations a run can end in. */
export type Situation = 'ok' | 'warn' | 'inconclusive' | 'fail' | 'unknown' | 'usage' | 'input' | 'unreachable' | 'bug' | 'SIGINT' | 'SIGTERM'

/** How a command turns situations into numbers: `health` is for checks, and becomes `nagios` where a monitoring system calls them, to which every code above 3 is a stranger. */
export type ExitPolicy = 'plain' | 'health' | 'nagios'

/** The one table of exit codes (sysexits.h for 64 to 70; the Nagios plugin guidelines for checks). */
export const EXIT_CODES: Readonly<Record<Situation, { readonly plain: number; readonly strict: number; readonly health: number; readonly nagios: number; readonly about: string }>> = {
  ok: { plain: 0, strict: 0, health: 0, nagios: 0, about: 'ok, improved or unchanged' },
  warn: { plain: 0, strict: 1, health: 1, nagios: 1, about: 'a warning: a warning level, a check that warns, some requests failed and no threshold says otherwise, the generator was the bottleneck' },
  inconclusive: { plain: 0, strict: 2, health: 1, nagios: 1, about: 'a comparison that cannot tell, and found nothing worse' },
  fail: { plain: 1, strict: 1, health: 2, nagios: 2, about: 'a threshold, a budget or a comparison failed, arrivals were dropped, or a check is critical' },
  unknown: { plain: 2, strict: 2, health: 3, nagios: 3, about: 'no answer: no samples, a missing percentile, nothing to compare or to check' },
  usage: { plain: 64, strict: 64, health: 64, nagios: 3, about: 'an unknown flag or command, or a value that cannot be read' },
  input: { plain: 65, strict: 65, health: 65, nagios: 3, about: 'an input file that is missing, broken or invalid' },
  unreachable: { plain: 69, strict: 69, health: 2, nagios: 2, about: 'nothing answered at all' },
  bug: { plain: 70, strict: 70, health: 3, nagios: 3, about: 'our bug' },
  SIGINT: { plain: 130, strict: 130, health: 130, nagios: 130, about: 'interrupted by Ctrl-C; the partial result is kept (0 for what goes on until it is ended: top, --watch, demo)' },
  SIGTERM: { plain: 143, strict: 143, health: 143, nagios: 143, about: 'interrupted by TERM; as above' },
}

/** The policy of a command for the format that somebody named, if any: who names nagios reads the codes of a plugin and no others. */
export function policyFor(declared: ExitPolicy, named: string | undefined): ExitPolicy {
  return declared === 'health' && named === 'nagios' ? 'nagios' : declared
}

/** The number a situation ends with. */
export function exitCode(situation: Situation, policy: ExitPolicy, strict: boolean): number {
  const row = EXIT_CODES[situation]
  return policy === 'plain' ? (strict ? row.strict : row.plain) : row[policy]
}

/** The situation a final report describes. */
export function situationOf(report: Report): Situation {
  if (report.interrupted) return report.interrupted
  if (report.unreachable) return 'unreachable'
  if (report.isInconclusive && report.verdict === 'warn') return 'inconclusive'
  return report.verdict satisfies Verdict
}

/** The situation an error describes: the person's mistake by its kind, anything else is our bug. */
export function situationOfError(error: UserError | undefined): Situation {
  return error ? error.kind : 'bug'
}
