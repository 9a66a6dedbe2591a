/** The most that any figure can sensibly be: more is nonsense. */
const MOST = 1e18
const AMOUNT = /^\+?(\d+(?:\.\d+)?(?:e\+?\d+)?)\s*([a-zµ%/]*)$/i

// Instances write sizes as Node and Redis do, where "62MB" was seen beside 64689920 bytes: powers of 1024, whatever the letter.
const SIZES: Readonly<Record<string, number>> = sizes(1_024)
const DECIMAL_SIZES: Readonly<Record<string, number>> = sizes(1_000)
const TIMES: Readonly<Record<string, number>> = { us: 0.001, 'µs': 0.001, ms: 1, s: 1_000, sec: 1_000, m: 60_000, min: 60_000, h: 3_600_000, d: 86_400_000 }

function sizes(step: number): Record<string, number> {
  const table: Record<string, number> = { b: 1, bytes: 1 }
  for (const [power, letter] of ['k', 'm', 'g', 't', 'p'].entries()) for (const tail of ['', 'b', 'ib']) table[letter + tail] = step ** (power + 1)
  return table
}

/** A finite number that is not below 0, also when it came as text; NaN for all else. */
export function readNumber(value: unknown): number {
  const number = typeof value === 'number' ? value : typeof value === 'string' && value.length < 40 ? amountOf(value, { '': 1, '%': 1 }) : Number.NaN
  return number >= 0 && number <= MOST ? number : Number.NaN
}

/** A size in bytes, from a number or from `57MB`, `1.41M`, `256.7 MB`. */
export function readBytes(value: unknown): number {
  return readWith(value, SIZES, 1)
}

/** Milliseconds, from a number of `bareMs` each or from `193ms`, `16s`, `1h 5m`. */
export function readTime(value: unknown, bareMs = 1): number {
  if (typeof value !== 'string') return readNumber(value) * bareMs
  if (value.length > 40) return Number.NaN
  const parts = value.trim().match(/[\d.]+\s*[a-zµ]*/gi) ?? []
  if (parts.join('').replaceAll(' ', '') !== value.replaceAll(' ', '')) return Number.NaN
  return readNumber(parts.reduce((sum, part) => sum + amountOf(part, { ...TIMES, '': bareMs }), parts.length > 0 ? 0 : Number.NaN))
}

/** Bytes per second, from a number of them or from `15.2 MB/s` (powers of ten, as rates are written) and `125.4 Mbps`. */
export function readByteRate(value: unknown): number {
  if (typeof value !== 'string') return readNumber(value)
  if (value.length > 40) return Number.NaN
  const bits = /^(.*?)([kmgt]?)(?:bps|bits?\/s)$/i.exec(value.trim())
  // `MBps` with a capital B is bytes; `Mbps` is bits.
  if (bits && !/Bps$/.test(value.trim())) return readNumber(amountOf(`${bits[1]}${bits[2]}`, { ...DECIMAL_SIZES, '': 1 }) / 8)
  return readNumber(amountOf(value.trim().replace(/(\/s|ps)$/, ''), { ...DECIMAL_SIZES, '': 1 }))
}

/** A share, from a field that is documented as percent. More than all is nonsense. */
export function readPercent(value: unknown): number {
  return shareOf(readNumber(value) / 100)
}

/** A share, from a field that is a fraction or a percentage depending on who answers: what is over 1 must be percent. */
export function readShare(value: unknown): number {
  const number = readNumber(value)
  return shareOf(number > 1 || (typeof value === 'string' && value.trim().endsWith('%')) ? number / 100 : number)
}

// Sums of rounded parts end a little above the whole.
function shareOf(ratio: number): number {
  return ratio <= 1.005 ? Math.min(1, ratio) : Number.NaN
}

function readWith(value: unknown, table: Readonly<Record<string, number>>, bare: number): number {
  if (typeof value !== 'string') return readNumber(value) * bare
  return value.length < 40 ? readNumber(amountOf(value, { ...table, '': bare })) : Number.NaN
}

function amountOf(text: string, units: Readonly<Record<string, number>>): number {
  const match = AMOUNT.exec(text.trim())
  const unit = match?.[2]?.toLowerCase() ?? ''
  return match && Object.hasOwn(units, unit) ? Number(match[1]) * (units[unit] ?? Number.NaN) : Number.NaN
}
