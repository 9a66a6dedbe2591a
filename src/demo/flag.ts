import { UserError } from '../model/error.ts'
import { parseDuration, parseRatio } from '../model/unit.ts'
import { badFault } from './errors.ts'
import type { Slow, Stall } from './fault.ts'

/** The parser's own words about a part of a flag, told with the whole flag. */
function readPart<T>(flag: string, text: string, example: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    throw badFault(flag, text, error.message, example)
  }
}

/** Reads `--latency 10ms`, in milliseconds; a bare number is milliseconds too. Throws UserError `INVALID_VALUE`. */
export function parseFaultLatency(text: string): number {
  return readPart('--latency', text, '10ms', () => parseDuration(text, 1))
}

/** Reads `--errors 2%` or `--errors 0.02`, as a ratio in 0..1. Throws UserError `INVALID_VALUE`. */
export function parseFaultErrors(text: string): number {
  return readPart('--errors', text, '2%', () => parseRatio(text))
}

/** Reads `--stall 1s@3s`: for how long, and how long after the first request. Throws UserError `INVALID_VALUE`. */
export function parseFaultStall(text: string): Stall {
  const example = '1s@3s (for one second, three seconds after the first request)'
  const [forText, atText, ...more] = text.split('@')
  if (forText === undefined || atText === undefined || more.length > 0) throw badFault('--stall', text, 'not two durations with one @ between them', example)
  const stall = readPart('--stall', text, example, () => ({ forMs: parseDuration(forText), atMs: parseDuration(atText) }))
  if (stall.forMs === 0) throw badFault('--stall', text, 'a stall of no length does nothing', example)
  return stall
}

/** Reads `--slow /api/v1/media/search=200ms`: the beginning of a path, and what it takes longer; bare numbers are milliseconds. Throws UserError `INVALID_VALUE`. */
export function parseFaultSlow(text: string): Slow {
  const example = '/api/v1/media/search=200ms'
  const cut = text.lastIndexOf('=')
  if (cut < 0) throw badFault('--slow', text, 'no = between path and duration', example)
  const path = text.slice(0, cut).trim()
  if (!path.startsWith('/')) throw badFault('--slow', text, 'the path does not begin with /', example)
  if (/[?#]/.test(path)) throw badFault('--slow', text, 'only the path is compared, without query or fragment', example)
  return { path, ms: readPart('--slow', text, example, () => parseDuration(text.slice(cut + 1), 1)) }
}
