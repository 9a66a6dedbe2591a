import type { SourceConfigOf } from '../../../collect-schema/schema.ts'
import { commonLine } from './common-line.ts'
import { clashingFormat } from './errors.ts'
import { jsonLine } from './json-line.ts'
import { linePattern } from './line-pattern.ts'
import type { ReadLine } from './logged-request.ts'

type Format = Pick<SourceConfigOf<'access-log'>, 'format' | 'pattern' | 'fields' | 'unit'>

/** What morgan calls tiny, dev and short (https://github.com/expressjs/morgan#predefined-formats); its common and combined are Apache's. */
const MORGAN = [
  '$request_method $request_uri $status $body_bytes_sent - $request_time_ms ms',
  '$request_method $request_uri $status $request_time_ms ms - $body_bytes_sent',
  '$remote_addr $remote_user $request_method $request_uri $server_protocol $status $body_bytes_sent - $request_time_ms ms',
]
const COLOURS = /\u001b\[[\d;]*m/g

function morganLine(): ReadLine {
  const read = anyOf(MORGAN.map((pattern) => linePattern(pattern)))
  return (line) => read(line.includes('\u001b') ? line.replace(COLOURS, '') : line)
}

const FORMATS: Readonly<Record<NonNullable<Format['format']>, (config: Format) => ReadLine>> = {
  combined: ({ unit }) => commonLine(unit),
  common: ({ unit }) => commonLine(unit),
  json: ({ fields, unit }) => jsonLine(fields, unit),
  morgan: morganLine,
}

/** How the lines of a log are read: as the configuration says, else as the first format that can. Throws UserError `BAD_PATTERN`, `CLASHING_FORMAT`. */
export function lineFormat(config: Format): ReadLine {
  const { format, pattern, fields, unit } = config
  if (pattern !== undefined && format !== undefined) throw clashingFormat(`pattern and format (${format}) both say how lines are made`, 'leave one of them out')
  if (fields !== undefined && (pattern !== undefined || (format !== undefined && format !== 'json'))) throw clashingFormat('fields names those of JSON lines, and these lines are none', 'leave fields out, or write format: json')
  if (pattern !== undefined) return linePattern(pattern, unit)
  if (format !== undefined) return FORMATS[format](config)
  return fields === undefined ? anyOf([FORMATS.json(config), FORMATS.combined(config), FORMATS.morgan(config)]) : FORMATS.json(config)
}

/** Reads a line as the first that can; whoever could the last time is asked first. */
function anyOf(readers: readonly ReadLine[]): ReadLine {
  const order = [...readers]
  return (line) => {
    for (const [index, read] of order.entries()) {
      const found = read(line)
      if (found === null) continue
      if (index > 0) order.unshift(...order.splice(index, 1))
      return found
    }
    return null
  }
}
