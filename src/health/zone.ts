/** Time as the clock on the wall shows it, as if it were UTC: milliseconds since 1970. */
export type WallMs = number

const OFFSET = /^(?:Z|([+-])(\d\d):(\d\d))$/
const DAY_MS = 86_400_000

// Making one takes longer than everything else here; there are only so many zones.
const formats = new Map<string, Intl.DateTimeFormat>()

/** Whether there is such a zone: a name (`Europe/Berlin`), `Z`, or an offset (`+02:00`). */
export function isZone(zone: string): boolean {
  try {
    wallOf(0, zone)
    return true
  } catch {
    return false
  }
}

/** What the clock on the wall shows at an instant. Throws RangeError where there is no such zone. */
export function wallOf(instantMs: number, zone: string): WallMs {
  const fixed = OFFSET.exec(zone)
  if (fixed) return instantMs + (fixed[1] === '-' ? -1 : 1) * (Number(fixed[2] ?? 0) * 3_600_000 + Number(fixed[3] ?? 0) * 60_000)
  let format = formats.get(zone)
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', { timeZone: zone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' })
    formats.set(zone, format)
  }
  const parts = Object.fromEntries(format.formatToParts(instantMs).map(({ type, value }) => [type, Number(value)]))
  const part = (name: string): number => parts[name] ?? 0
  return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second')) + (((instantMs % 1_000) + 1_000) % 1_000)
}

/** When the wall shows it: the `first` or `last` of two times where clocks are put back, the moment they are put forward where it is left out. Throws RangeError where there is no such zone. */
export function instantOf(wall: WallMs, zone: string, which: 'first' | 'last'): number {
  const offsets = [wall - DAY_MS, wall + DAY_MS].map((near) => wallOf(near, zone) - near)
  const candidates = offsets.map((offset) => wall - offset)
  const real = candidates.filter((instant) => wallOf(instant, zone) === wall)
  if (real.length > 0) return which === 'first' ? Math.min(...real) : Math.max(...real)
  return firstBeyond(wall, zone, Math.min(...candidates), Math.max(...candidates))
}

/** The first second in which the wall shows more than a time it never shows, between two instants around it. */
function firstBeyond(wall: WallMs, zone: string, before: number, after: number): number {
  let [low, high] = [Math.floor(before / 1_000), Math.ceil(after / 1_000)]
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (wallOf(middle * 1_000, zone) > wall) high = middle
    else low = middle
  }
  return high * 1_000
}
