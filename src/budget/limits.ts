import { AMOUNTS, kindOfAmount, readAmount, readShareOfBaseline, type Amount, type AmountName } from '../budget-schema/amount.ts'
import type { Levels } from '../budget-schema/levels.ts'
import type { BudgetLimit } from '../model/budget.ts'
import type { Unit } from '../model/unit.ts'
import type { Origin } from './origin.ts'

/** What is limited, and where its limits stand. */
export interface Limited {
  readonly origin: Origin
  readonly path: readonly (string | number)[]
  readonly kind: AmountName
  readonly better: 'lower' | 'higher'
}

/** Limits as they are written, a bare amount or levels. What `target` and `warning` mean depends on whether there is a failing level beside them. */
export function limitsOf(written: Amount | Levels, limited: Limited): BudgetLimit[] {
  if (typeof written !== 'object') return [absolute(written, 'fail', limited, [])]
  const { better } = limited
  const failing = better === 'lower' ? (written.max === undefined && written.maxSize !== undefined ? 'maxSize' : 'max') : 'min'
  const hasFailing = written[failing] !== undefined
  const level = (key: 'target' | 'warning' | 'max' | 'maxSize' | 'min', does: BudgetLimit['level']): BudgetLimit[] => {
    const amount = written[key]
    return amount === undefined ? [] : [absolute(amount, does, limited, [key])]
  }
  const change = (key: 'maxIncrease' | 'warnIncrease' | 'maxDecrease' | 'warnDecrease', does: BudgetLimit['level']): BudgetLimit[] => {
    const amount = written[key]
    return amount === undefined ? [] : [relative(amount, does, limited, key)]
  }
  return [
    ...level('target', hasFailing ? 'target' : 'warn'),
    ...level('warning', hasFailing || written.target === undefined ? 'warn' : 'fail'),
    ...level(failing, 'fail'),
    ...change(better === 'lower' ? 'warnIncrease' : 'warnDecrease', 'warn'),
    ...change(better === 'lower' ? 'maxIncrease' : 'maxDecrease', 'fail'),
  ]
}

/** The kind that limits are written in where several are open, and its unit. */
export function kindOfLimits(written: Amount | Levels, kinds: readonly [AmountName, ...AmountName[]]): AmountName {
  const first = typeof written === 'object' ? (written.target ?? written.warning ?? written.max ?? written.maxSize ?? written.min) : written
  return (first === undefined ? undefined : kindOfAmount(first, kinds)) ?? kinds[0]
}

/** The unit of a kind of amounts. */
export function unitOf(kind: AmountName): Unit {
  return AMOUNTS[kind].unit
}

function place({ origin, path }: Limited, inside: readonly string[]): Pick<BudgetLimit, 'where' | 'path'> {
  const [where, full] = [origin.at([...path, ...inside]), origin.pathOf([...path, ...inside])]
  return { ...(where ? { where } : {}), ...(full ? { path: full } : {}) }
}

function absolute(amount: Amount, level: BudgetLimit['level'], limited: Limited, inside: readonly string[]): BudgetLimit {
  return { level, operator: limited.better === 'lower' ? '<=' : '>=', value: readAmount(amount, limited.kind), against: 'nothing', text: String(amount), ...place(limited, inside) }
}

/** Of a decrease the change is below zero. */
function relative(amount: Amount, level: BudgetLimit['level'], limited: Limited, key: string): BudgetLimit {
  const share = readShareOfBaseline(amount)
  const value = share ?? readAmount(amount, limited.kind)
  return {
    level, against: share === undefined ? 'difference-to-baseline' : 'share-of-baseline', text: String(amount), ...place(limited, [key]),
    ...(limited.better === 'lower' ? { operator: '<=' as const, value } : { operator: '>=' as const, value: -value }),
  }
}
