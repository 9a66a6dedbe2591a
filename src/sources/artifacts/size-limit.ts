import type { Content, JsonArtifact } from './artifact.ts'
import { isRecord, at, textAt, numberAt } from './json-value.ts'
import { figure } from './series.ts'

const SECOND = 1_000

/** What `size-limit --json` writes: bytes; seconds of loading and running where its time plugin is there. */
export const sizeLimit: JsonArtifact = {
  kind: 'json',
  format: 'size-limit',
  name: 'size-limit --json',
  mark: 'a list of name and size, passed or loading',
  recognise: (value) => Array.isArray(value) && value.length > 0 && value.every((entry) => isCheck(entry)),
  read(value): Content {
    const entries = value as readonly unknown[] // a list, as recognised
    const notes: string[] = []
    const series = entries.flatMap((entry) => {
      const of = textAt(entry, 'name') ?? ''
      const size = amount(entry, 'size')
      if (size === undefined) notes.push(`size-limit has no size of "${of}": it found no file`)
      const [running, loading] = ['running', 'loading'].map((name) => amount(entry, name))
      return [
        figure('size', 'bytes', 'lower', 'exact', null, [size], { of }),
        ...(running === undefined ? [] : [figure('running', 'ms', 'lower', 'sampled', null, [running * SECOND], { of })]),
        // The size divided by a rate that is agreed upon: nothing is measured.
        ...(loading === undefined ? [] : [figure('loading', 'ms', 'lower', 'exact', null, [loading * SECOND], { of })]),
      ]
    })
    return { surroundings: { tool: 'size-limit' }, series, notes }
  },
}

function isCheck(entry: unknown): boolean {
  if (!isRecord(entry) || textAt(entry, 'name') === undefined || at(entry, 'values') !== undefined || at(entry, 'result') !== undefined) return false
  return amount(entry, 'size') !== undefined || typeof at(entry, 'passed') === 'boolean'
}

/** Old versions write numbers as text. */
function amount(entry: unknown, name: string): number | undefined {
  const text = textAt(entry, name)
  return numberAt(entry, name) ?? (text !== undefined && /^\d+(\.\d+)?$/.test(text) ? Number(text) : undefined)
}
