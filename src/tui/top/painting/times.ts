function two(value: number): string {
  return value < 10 ? `0${value}` : String(value)
}

/** Local time of day, `02:13:44`. */
export function timeOfDay(at: number, zoneMinutes: number): string {
  if (!Number.isFinite(at)) return '--:--:--'
  const seconds = (((Math.floor(at / 1_000) + Math.round(zoneMinutes * 60)) % 86_400) + 86_400) % 86_400
  return `${two(Math.floor(seconds / 3_600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
}

/** How long a machine is up: `12d 04:11`, `04:11` in its first day. */
export function uptime(ms: number): string {
  const minutes = Math.floor(ms / 60_000)
  const days = Math.min(99_999, Math.floor(minutes / 1_440))
  const clock = `${two(Math.floor(minutes / 60) % 24)}:${two(minutes % 60)}`
  return days > 0 ? `${days}d ${clock}` : clock
}

/** A span as short as it can be said: `12s`, `5m20s`, `10m`, `3h`, `2d`. */
export function briefly(ms: number): string {
  if (!(ms >= 0)) return '0s'
  const seconds = Math.round(ms / 1_000)
  if (seconds < 60) return `${seconds}s`
  if (seconds < 3_600) return seconds % 60 === 0 ? `${seconds / 60}m` : `${Math.floor(seconds / 60)}m${two(seconds % 60)}s`
  if (seconds < 172_800) return `${Math.floor(seconds / 3_600)}h`
  return `${Math.min(99_999, Math.floor(seconds / 86_400))}d`
}

/** The interval between two looks: `1.0s`, `250ms`, `60s`. */
export function interval(ms: number): string {
  return ms < 1_000 ? `${Math.round(ms)}ms` : ms < 10_000 ? `${(ms / 1_000).toFixed(1)}s` : briefly(ms)
}

/** Processor time as `ps` and `top` write it, eight cells: ` 2:41.20`, `16:40:12`, ` 417d06h`. */
export function processorTime(ms: number, dash: string): string {
  if (!(ms >= 0 && Number.isFinite(ms))) return dash.padStart(8)
  const hundredths = Math.floor(ms / 10)
  const minutes = Math.floor(hundredths / 6_000)
  const seconds = Math.floor(hundredths / 100) % 60
  if (minutes < 100) return `${minutes}:${two(seconds)}.${two(hundredths % 100)}`.padStart(8)
  const hours = Math.floor(minutes / 60)
  if (hours < 100) return `${hours}:${two(minutes % 60)}:${two(seconds)}`.padStart(8)
  return `${Math.min(9_999, Math.floor(hours / 24))}d${two(hours % 24)}h`.padStart(8)
}
