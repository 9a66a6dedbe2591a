import { plain } from '../model/text.ts'

/** What INFO told. Untrusted; names that are not there are NaN or empty, for every version tells others. */
export interface RedisInfo {
  /** NaN where it is not there or no number. */
  number(name: string): number
  /** Made safe; empty where it is not there. */
  text(name: string): string
  /** Whether it told of a section, which may be empty: `Keyspace`. */
  tells(section: string): boolean
  /** `key=value` pairs of every line whose name matches: `db0:keys=1,expires=0`. */
  rows(name: RegExp): readonly ReadonlyMap<string, string>[]
  /** How often each command was run since the server began to count, by its name in lower case: `config|get`. */
  calls(): ReadonlyMap<string, number>
}

const MOST_LINES = 5_000

/** Reads the answer to INFO (redis.io/docs/latest/commands/info): `name:value` lines, sections as comments. */
export function parseInfo(answer: string): RedisInfo {
  const fields = new Map<string, string>()
  const sections = new Set<string>()
  for (const line of answer.split(/\r?\n/, MOST_LINES)) {
    const colon = line.indexOf(':')
    if (line.startsWith('#')) sections.add(line.slice(1).trim())
    else if (colon > 0) fields.set(line.slice(0, colon), line.slice(colon + 1))
  }
  return {
    number: (name) => readNumber(fields.get(name)),
    text: (name) => plain(fields.get(name) ?? '', 100),
    tells: (section) => sections.has(section),
    calls: () => new Map([...fields].flatMap(([field, value]) => {
      const count = readNumber(/^calls=([^,]*)/.exec(value)?.[1])
      return field.startsWith('cmdstat_') && Number.isFinite(count) ? [[field.slice('cmdstat_'.length).toLowerCase(), count] as const] : []
    })),
    rows: (name) => [...fields].filter(([field]) => name.test(field)).map(([, value]) => new Map(value.split(',').map((pair) => {
      const equals = pair.indexOf('=')
      return [pair.slice(0, equals), pair.slice(equals + 1)] as const
    }))),
  }
}

/** A number as Redis writes it; NaN for anything else. */
export function readNumber(text: string | undefined): number {
  return text !== undefined && /^-?\d{1,20}(\.\d+)?%?$/.test(text) ? Number.parseFloat(text) : Number.NaN
}
