/** A span of time as a stopwatch shows it: `0:35`, `12:07`, `1:02:03`; milliseconds in, fractions of a second dropped. */
export function showClock(ms: number): string {
  const seconds = Math.max(0, Math.floor((Number.isFinite(ms) ? ms : 0) / 1_000))
  const pad = (value: number): string => String(value).padStart(2, '0')
  const minutes = Math.floor(seconds / 60)
  return minutes < 60 ? `${minutes}:${pad(seconds % 60)}` : `${Math.floor(minutes / 60)}:${pad(minutes % 60)}:${pad(seconds % 60)}`
}

/** What is left of a span, rounded up: it says `0:01` until it is over. */
export function showLeft(ms: number): string {
  return showClock(Math.ceil(ms / 1_000) * 1_000)
}
