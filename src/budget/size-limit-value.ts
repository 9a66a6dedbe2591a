import { UserError, type Position } from '../model/error.ts'
import { plain } from '../model/text.ts'

// limit = number [ " " ... ] [ [ "k" | "m" | "g" | ... ] [ "i" ] "b" ]     (upper and lower case alike; 1000 without the i, 1024 with it)
const GRAMMAR = /^([-+]?\d+(?:\.\d+)?) *(?:([kmgtpezy])(i)?)?(?:b)?$/i
const HAS_BYTE = /b$/i
const STEPS = 'kmgtpezy'

/** Reads a limit of size-limit in whole bytes: `8 kB` is 8000, `8 KiB` 8192. Throws UserError `UNSUPPORTED_LIMIT` for a time, `INVALID_VALUE` else. */
export function readSizeLimit(limit: string | number, where: Position): number {
  if (typeof limit === 'number') return limit
  // size-limit takes all that has an s in it for a time.
  if (/s/i.test(limit)) {
    throw new UserError({ code: 'UNSUPPORTED_LIMIT', kind: 'input', message: `"${plain(limit, 60)}" is a limit of time, for which size-limit runs the code in a browser; sizes alone are measured here`, hint: 'write a size (8 kB), or budget the time with Lighthouse', where })
  }
  const match = GRAMMAR.exec(limit)
  const [, number = '', step, binary] = match ?? []
  if (!match || (step !== undefined && !HAS_BYTE.test(limit))) {
    throw new UserError({ code: 'INVALID_VALUE', kind: 'input', message: `"${plain(limit, 60)}" is not a size`, hint: 'write it like 8 kB (8000 bytes) or 8 KiB (8192)', where })
  }
  const power = step === undefined ? 0 : STEPS.indexOf(step.toLowerCase()) + 1
  return Math.floor((binary === undefined ? 1_000 : 1_024) ** power * Number(number))
}
