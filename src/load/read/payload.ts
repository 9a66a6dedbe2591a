import * as z from 'zod/mini'
import type { Payload } from '../../model/plan.ts'
import { plain, plural } from '../../model/text.ts'
import { conflictingKeys, duplicateName, invalidPayload, missingValue } from './errors.ts'
import { isYes, yesNo } from './quantity.ts'
import type { Spot } from './spot.ts'

const one = z.strictObject({
  path: z.optional(z.string()),
  fields: z.optional(z.array(z.string())),
  order: z.optional(z.enum(['random', 'sequence'])),
  skipHeader: z.optional(yesNo),
  skipEmptyLines: z.optional(yesNo),
  delimiter: z.optional(z.string()),
  cast: z.optional(yesNo),
  loadAll: z.optional(yesNo),
  name: z.optional(z.string()),
})

/** Artillery's `payload`: one CSV file or several. */
export const payloadSchema = z.union([one, z.array(one)])

type Written = z.infer<typeof one>

/** Most bytes of a CSV file that is read. */
const MAX_BYTES = 64 * 1024 * 1024

export interface PayloadOptions {
  readonly readFile: (path: string) => Promise<string>
  /** A file to take in place of the one the scenario names, or as its only one. */
  readonly instead?: string | undefined
}

/** Reads the CSV files of a scenario. Throws UserError `INVALID_PAYLOAD` with the line of the CSV where one is to blame. */
export async function readPayloads(payload: z.infer<typeof payloadSchema> | undefined, spot: Spot, options: PayloadOptions): Promise<Payload[]> {
  const written = payload === undefined ? [] : Array.isArray(payload) ? payload.map((each, index) => [each, spot.at(index)] as const) : [[payload, spot] as const]
  if (options.instead !== undefined && written.length > 1) throw invalidPayload(`the scenario has ${plural(written.length, 'payload')}, so --payload cannot replace "the" payload`, 'change the path in the scenario', spot.where())
  const specs: readonly (readonly [Written, Spot])[] = options.instead !== undefined && written.length === 0 ? [[{ path: options.instead }, spot]] : written
  const payloads = await Promise.all(specs.map(([each, place]) => readPayload(each, options.instead ?? each.path, place, options.readFile)))
  payloads.forEach((each, index) => {
    if (each.as !== undefined && payloads.findIndex(({ as }) => as === each.as) !== index) throw duplicateName('payloads', each.as, spot)
  })
  return payloads
}

async function readPayload(spec: Written, path: string | undefined, spot: Spot, readFile: PayloadOptions['readFile']): Promise<Payload> {
  if (path === undefined) throw missingValue(spot, 'path', 'the CSV file, unless --payload names it')
  const pathSpot = spot.at('path')
  const repeated = spec.fields?.find((field, index, all) => all.indexOf(field) !== index)
  if (repeated !== undefined) throw duplicateName('fields', repeated, spot.at('fields'))
  if (isYes(spec.loadAll) && spec.name === undefined) throw missingValue(spot, 'name', 'with loadAll, the variable that holds all rows')
  if (spec.name !== undefined && !isYes(spec.loadAll)) throw conflictingKeys(spot, ['name'], 'a name needs "loadAll: true"')

  const text = await readFile(path).catch((error: unknown) => {
    const code = error !== null && typeof error === 'object' && 'code' in error ? String(error.code) : ''
    const reason = { ENOENT: 'there is no such file', EISDIR: 'it is a folder', EACCES: 'it may not be read' }[code] ?? (error instanceof Error ? plain(error.message, 120) : 'it cannot be read')
    throw invalidPayload(`the payload ${plain(path, 120)} cannot be read: ${reason}`, "its path is relative to the scenario's folder", pathSpot.where())
  })
  if (text.length > MAX_BYTES) throw invalidPayload(`the payload ${plain(path, 120)} is larger than 64 MiB`, 'split it or take a part of it', pathSpot.where())

  const lines = await parseCsv(text, path, spec)
  // Without names in the scenario the first row has them.
  const header = spec.fields === undefined ? lines[0] : undefined
  const rows = header || isYes(spec.skipHeader) ? lines.slice(1) : lines
  const fields = spec.fields ?? header?.cells ?? []
  if (rows.length === 0) throw invalidPayload(`the payload ${plain(path, 120)} has no rows${lines.length === 0 ? '' : ' below its header'}`, 'add one row for each set of values', pathSpot.where())

  const columns = lines[0]?.cells.length ?? 0
  const without = fields[columns]
  if (without !== undefined) throw invalidPayload(`the payload ${plain(path, 120)} has ${plural(columns, 'column')}, so none for the field "${plain(without, 60)}"`, 'name one field for each column, and check the delimiter', spot.at('fields').where())
  const ragged = lines.find(({ cells }) => cells.length !== columns)
  if (ragged) throw invalidPayload(`this row has ${plural(ragged.cells.length, 'column')}, the first has ${columns}`, 'quote values that hold the delimiter', { file: path, line: ragged.line, column: 1 })
  return {
    fields,
    rows: rows.map(({ cells }) => cells.slice(0, fields.length)),
    order: spec.order ?? 'random',
    ...(spec.name === undefined ? {} : { as: spec.name }),
    source: path,
  }
}

/** What a reader of the result should know of payloads: a first row that looks like a header is taken as data. */
export function payloadNotes(payloads: readonly Payload[]): string[] {
  return payloads.filter(({ fields, rows }) => fields.every((field, index) => rows[0]?.[index] === field)).map(({ source }) => `the first row of ${plain(source, 120)} holds the names of its fields and is taken as data: set "skipHeader: true"`)
}

interface Line {
  readonly cells: readonly string[]
  readonly line: number
}

async function parseCsv(text: string, path: string, spec: Written): Promise<Line[]> {
  const { CsvError, parse } = await import('csv-parse/sync')
  try {
    const records = parse(text, {
      bom: true,
      delimiter: spec.delimiter === undefined || spec.delimiter === '' ? ',' : spec.delimiter,
      info: true,
      relax_column_count: true,
      skip_empty_lines: spec.skipEmptyLines === undefined || isYes(spec.skipEmptyLines),
      // The types of the library do not know that `info` wraps each record.
    }) as unknown as readonly { readonly record: readonly string[]; readonly info: { readonly lines: number } }[]
    return records.map(({ record, info }) => ({ cells: record, line: info.lines }))
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    const line = typeof error['lines'] === 'number' ? error['lines'] : 1
    throw invalidPayload(`the payload is not valid CSV: ${plain(error.message, 160)}`, 'look at the quotes of that line', { file: path, line, column: 1 })
  }
}
