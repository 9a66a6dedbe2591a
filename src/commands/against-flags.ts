import { UserError } from '../model/error.ts'
import type { FlagValues } from './flag.ts'
import type { COMPARE_FLAGS } from './compare.ts'

const ONLY_AGAINST = { frozen: '--frozen', baselineName: '--baseline-name', baselineDir: '--baseline-dir', maxAge: '--max-age' } as const

/** The flags that say which kept runs are meant. */
export type AgainstFlags = Pick<FlagValues<typeof COMPARE_FLAGS>, 'against' | keyof typeof ONLY_AGAINST>

/** Refuses what says more about a branch where none is named. Throws UserError `USAGE`. */
export function refuseLostFlags(flags: AgainstFlags): void {
  const [lost] = Object.entries(ONLY_AGAINST).filter(([name]) => flags[name as keyof typeof ONLY_AGAINST] !== undefined) // its own keys
  if (flags.against === undefined && lost) throw new UserError({ code: 'USAGE', kind: 'usage', message: `${lost[1]} means nothing without --against`, hint: 'name the branch to compare with: --against main' })
}
