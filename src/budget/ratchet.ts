import type { BudgetLimit, BudgetLine, BudgetResult } from '../model/budget.ts'
import { rewritten } from './written-amount.ts'

/** Room that is left above what is measured where nobody says how much. */
export const DEFAULT_MARGIN = 0.1

/** A limit that is to be written anew. */
export interface LimitChange {
  readonly line: BudgetLine
  readonly limit: BudgetLimit
  readonly to: string
  readonly does: 'tighten' | 'loosen'
}

/** A line that stays as it is though it might not, and why. */
export interface LeftAlone {
  readonly line: BudgetLine
  readonly why: string
}

export interface RatchetChoice {
  /** A share of what is measured. */
  readonly marginFor: (line: BudgetLine) => number
  /** Whether limits may be loosened, and those of sampled values touched. */
  readonly yes: boolean
}

/** Sizes and counts are the same the next time; times and scores are not, and a limit set by a quick run would fail on the next. */
export function isCounted(line: BudgetLine): boolean {
  return ['bundles', 'packages', 'resources'].includes(line.section) || /:length(@|$)/.test(line.id)
}

/**
 * What the limits of budgets come to by what is measured now: the level nearest to it is set to what is measured plus the margin, the
 * others keep their distance to it. Relative limits and targets that only inform stay.
 */
export function ratchet(results: readonly BudgetResult[], { marginFor, yes }: RatchetChoice): { readonly changes: readonly LimitChange[]; readonly left: readonly LeftAlone[] } {
  const changes: LimitChange[] = []
  const left: LeftAlone[] = []
  for (const [line, each] of byLine(results)) {
    // A preset stands in no file.
    const limits = line.limits.filter(({ level, against, where }) => level !== 'target' && against === 'nothing' && where !== undefined)
    if (limits.length === 0) continue
    const observed = each.map(({ measured }) => measured.observed)
    if (observed.some((value) => value === null || !Number.isFinite(value))) {
      left.push({ line, why: 'nothing was measured' })
      continue
    }
    const worst = worstOf(observed as number[], line.better) // none is null
    const margin = marginFor(line)
    const wanted = line.better === 'lower' ? worst * (1 + margin) : worst * (1 - margin)
    const tightest = limits.reduce((best, limit) => (isTighter(limit.value, best.value, line.better) ? limit : best))
    const isOver = isTighter(tightest.value, worst, line.better)
    if (!isOver && !isTighter(wanted, tightest.value, line.better)) continue
    const elsewhere = limits.find(({ path }) => path === undefined)
    if (elsewhere) {
      left.push({ line, why: `its limit stands in ${elsewhere.where?.file ?? 'another file'}, which is taken over: change it there` })
      continue
    }
    if (isOver && !yes) {
      left.push({ line, why: 'it does not hold; --yes loosens it' })
      continue
    }
    if (!isCounted(line) && !yes) {
      left.push({ line, why: 'what is sampled differs from run to run; --yes takes it all the same' })
      continue
    }
    const factor = wanted / tightest.value
    const texts = limits.map((limit) => ({ limit, to: Number.isFinite(factor) ? rewritten(limit, limit === tightest ? wanted : limit.value * factor, line) : null }))
    if (texts.some(({ to }) => to === null)) {
      left.push({ line, why: 'it is written in a way that is not written anew' })
      continue
    }
    // Rounded as people write, the tightest may come out as it was; then the others stay too.
    if (texts.find(({ limit }) => limit === tightest)?.to === tightest.text) continue
    for (const { limit, to } of texts) if (to !== null && to !== limit.text) changes.push({ line, limit, to, does: isOver ? 'loosen' : 'tighten' })
  }
  return { changes, left }
}

function byLine(results: readonly BudgetResult[]): ReadonlyMap<BudgetLine, readonly BudgetResult[]> {
  const lines = new Map<BudgetLine, BudgetResult[]>()
  for (const result of results) lines.set(result.line, [...(lines.get(result.line) ?? []), result])
  return lines
}

const worstOf = (values: readonly number[], better: BudgetLine['better']): number => (better === 'lower' ? Math.max(...values) : Math.min(...values))
const isTighter = (one: number, other: number, better: BudgetLine['better']): boolean => (better === 'lower' ? one < other : one > other)
