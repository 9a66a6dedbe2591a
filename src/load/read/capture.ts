import type * as z from 'zod/mini'
import type { Capture } from '../../model/plan.ts'
import { conflictingKeys, invalidValue, misplacedKey, missingValue } from './errors.ts'
import { isTemplate, isYes } from './quantity.ts'
import type { Spot } from './spot.ts'
import type { captureSchema } from './step-schema.ts'

type Written = z.infer<typeof captureSchema>

const SOURCES = ['json', 'header', 'regexp', 'status'] as const

/** Captures, strict unless told (Artillery: engines/http, "turn off strict capture"). Throws UserError. */
export function readCaptures(captures: Written | readonly Written[] | undefined, spot: Spot, strictByDefault: boolean): Capture[] {
  if (captures === undefined) return []
  if (!Array.isArray(captures)) return [readCapture(captures as Written, spot, strictByDefault)]
  return captures.map((capture: Written, index) => readCapture(capture, spot.at(index), strictByDefault))
}

function readCapture(capture: Written, spot: Spot, strictByDefault: boolean): Capture {
  const [source, other] = SOURCES.filter((key) => capture[key] !== undefined)
  if (source === undefined) throw missingValue(spot, 'json', 'a capture takes its value by json, header, regexp or status')
  if (other !== undefined) throw conflictingKeys(spot, [source, other], 'a capture takes one value')
  const stray = (['group', 'flags'] as const).find((key) => source !== 'regexp' && capture[key] !== undefined)
  if (stray !== undefined) throw misplacedKey(spot, stray, 'only a regexp has it')
  if (capture.as.trim() === '') throw invalidValue(spot.at('as'), 'must name a variable', capture.as)
  return {
    from: readSource(source, capture, spot),
    as: capture.as,
    strict: capture.strict === undefined ? strictByDefault : isYes(capture.strict),
    ...(capture.all === undefined ? {} : { all: capture.all }),
    where: spot.where(),
  }
}

function readSource(source: (typeof SOURCES)[number], capture: Written, spot: Spot): Capture['from'] {
  switch (source) {
    case 'json': return { kind: 'json', path: capture.json ?? '$' }
    case 'header': return { kind: 'header', name: (capture.header ?? '').toLowerCase() }
    case 'status': return { kind: 'status' }
    case 'regexp': {
      const group = capture.group ?? 0
      const number = Number(group)
      return { kind: 'regexp', pattern: readRegexp(capture.regexp ?? '', capture.flags ?? '', spot.at('regexp')), flags: capture.flags ?? '', group: Number.isInteger(number) && number >= 0 ? number : String(group) }
    }
  }
}

/** A regular expression that compiles, unless a template is still to be filled in. Throws UserError `INVALID_VALUE`. */
export function readRegexp(pattern: string, flags: string, spot: Spot): string {
  if (isTemplate(pattern)) return pattern
  try {
    void new RegExp(pattern, flags)
  } catch (error) {
    throw invalidValue(spot, 'must be a regular expression', pattern, error instanceof Error ? error.message : 'correct it')
  }
  return pattern
}
