import type { Unit } from '../../model/unit.ts'

/** When a difference counts; shares are ratios (0.1 is 10 %). The defaults were chosen by resampling real runs: docs/performance.md. */
export interface CompareRules {
  /** The chance of a false alarm, two-sided: of a comparison of files after Holm, of each look at pairs. */
  readonly alpha: number
  /** A change smaller than this does not matter, however sure it is. */
  readonly minimumEffect: number
  /** `unchanged` means that a change for the worse beyond this is ruled out. */
  readonly tolerance: number
  /** With too few values, only a change beyond this is called one. */
  readonly guard: number
  /** Values a side that a test needs. */
  readonly leastPerSide: number
  /** Of what is counted: a change must exceed both, the absolute one in the unit (0 for a unit that is not named). */
  readonly exact: { readonly relative: number; readonly absolute: Readonly<Partial<Record<Unit, number>>> }
  /** Of shares, in points (0.01 is one): the least change that matters, what `unchanged` rules out, and the guard for shares that were not counted. */
  readonly rate: { readonly minimumEffect: number; readonly tolerance: number; readonly guard: number }
}

/** What holds unless somebody says otherwise. */
export const COMPARE_RULES: CompareRules = {
  alpha: 0.02,
  minimumEffect: 0.03,
  tolerance: 0.1,
  guard: 0.5,
  leastPerSide: 5,
  exact: { relative: 0.01, absolute: { bytes: 1_024 } },
  rate: { minimumEffect: 0.01, tolerance: 0.01, guard: 0.1 },
}

/** The rules with what somebody asks for instead. */
export function rulesWith({ alpha = COMPARE_RULES.alpha, minEffect = COMPARE_RULES.minimumEffect, tolerance = COMPARE_RULES.tolerance }: { readonly alpha?: number | undefined; readonly minEffect?: number | undefined; readonly tolerance?: number | undefined }): CompareRules {
  return { ...COMPARE_RULES, alpha, minimumEffect: minEffect, tolerance }
}

export type Severity = 'minor' | 'major' | 'critical'

/** From which change for the worse a regression is major or critical: 25 and 50 %, or 5 and 10 points of a share. It is minor below, 10 % and 2 points being where the documents begin. */
export const SEVERITY_FROM = { relative: { major: 0.25, critical: 0.5 }, points: { major: 0.05, critical: 0.1 } } as const

/** The word for a regression of this size (a share, or points), whichever way it goes. */
export function severityOf(change: number, scale: keyof typeof SEVERITY_FROM): Severity {
  // A hair less, so that 1.1 / 1 - 1 counts as 10 %.
  const size = Math.abs(change) * (1 + 1e-12)
  if (size >= SEVERITY_FROM[scale].critical) return 'critical'
  return size >= SEVERITY_FROM[scale].major ? 'major' : 'minor'
}
