import { parseBytes, parseDuration, type Unit } from '../model/unit.ts'

/** A number with its unit as people write it, or bare. */
export type Amount = string | number

/** A way to write an amount. */
export interface AmountKind {
  /** The unit it is read into. */
  readonly unit: Unit
  /** What is written in text. */
  readonly pattern: RegExp
  readonly demand: string
  /** What a bare number may be; none where it needs its unit. */
  readonly bare: { readonly most: number; readonly demand: string } | null
  /** Reads what the pattern or `bare` let pass. */
  read(amount: Amount): number
}

const NUMBER = /^\s*(\d+(?:\.\d+)?)/
const numberOf = (amount: Amount): number => (typeof amount === 'number' ? amount : Number(NUMBER.exec(amount)?.[1] ?? Number.NaN))
const ANY = { most: Number.MAX_VALUE, demand: '' } as const

/** A bare number of `percent` counts percent, as the documents have the rate of errors; of `rate` it counts a minute's requests, of `time` milliseconds. */
export const AMOUNTS = {
  size: {
    unit: 'bytes', bare: ANY, pattern: /^\s*\d+(\.\d+)?\s*([kKMGTP]?B|[KMGTP]iB)?\s*$/, demand: 'must be a size such as 500KB (1 KB is 1000 bytes) or 500KiB (1024)',
    read: (amount) => (typeof amount === 'number' ? amount : parseBytes(amount)),
  },
  time: {
    unit: 'ms', bare: ANY, pattern: /^\s*(\d+(\.\d+)?|(\d+(\.\d+)?\s*(us|µs|ms|sec|s|min|m|h|d)\s*)+)\s*$/, demand: 'must be a time such as 2.5s or 300ms; a bare number counts milliseconds',
    read: (amount) => (typeof amount === 'number' ? amount : parseDuration(amount, 1)),
  },
  share: {
    unit: 'ratio', bare: { most: 1, demand: 'must be a share from 0 to 1; of 100 write it with %' }, pattern: /^\s*((100(\.0+)?|\d{1,2}(\.\d+)?)\s*%|0(\.\d+)?|1(\.0+)?)\s*$/, demand: 'must be a share such as 80% or 0.8',
    read: (amount) => numberOf(amount) / (String(amount).includes('%') ? 100 : 1),
  },
  percent: {
    unit: 'ratio', bare: { most: 100, demand: 'must be at most 100: it counts percent' }, pattern: /^\s*(100(\.0+)?|\d{1,2}(\.\d+)?)\s*%?\s*$/, demand: 'must be a share such as 0.1%; a bare number counts percent',
    read: (amount) => numberOf(amount) / 100,
  },
  score: { unit: 'count', bare: ANY, pattern: /^\s*\d+(\.\d+)?\s*$/, demand: 'must be a number such as 0.1', read: numberOf },
  count: { unit: 'count', bare: ANY, pattern: /^\s*\d+\s*(connections?|files?|requests?|packages?)?\s*$/, demand: 'must be a number such as 20', read: numberOf },
  rate: {
    unit: 'per_second', bare: ANY, pattern: /^\s*\d+(\.\d+)?\s*((req|requests?)?\s*(\/|per)\s*(s|sec|second|m|min|minute)|rps|rpm)?\s*$/, demand: 'must be a rate such as 1000/s or 1000/min; a bare number counts those of a minute',
    read: (amount) => numberOf(amount) / (/(\/|per)\s*s|rps/.test(String(amount)) ? 1 : 60),
  },
  iops: { unit: 'per_second', bare: ANY, pattern: /^\s*\d+(\.\d+)?\s*(IOPS|\/\s*s)?\s*$/i, demand: 'must be a number such as 1000 IOPS', read: numberOf },
} as const satisfies Readonly<Record<string, AmountKind>>

/** The name of a way to write an amount. */
export type AmountName = keyof typeof AMOUNTS

/** How an amount is written where several ways are open: the first whose pattern fits, a bare number the first that may be bare. */
export function kindOfAmount(amount: Amount, kinds: readonly AmountName[]): AmountName | undefined {
  return kinds.find((name) => {
    const { bare, pattern }: AmountKind = AMOUNTS[name]
    return typeof amount === 'number' ? bare !== null && amount <= bare.most : pattern.test(amount)
  })
}

/** An amount in its kind's unit; NaN for what is none, of which the schema has its own word. */
export function readAmount(amount: Amount, kind: AmountName): number {
  return kindOfAmount(amount, [kind]) === undefined ? Number.NaN : AMOUNTS[kind].read(amount)
}

/** A share of the baseline such as `5%`, as a ratio; undefined for what is none. */
export function readShareOfBaseline(amount: Amount): number | undefined {
  const match = /^\s*(\d+(?:\.\d+)?)\s*%\s*$/.exec(String(amount))
  return match ? Number(match[1]) / 100 : undefined
}
