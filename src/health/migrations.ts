import * as z from 'zod/mini'
import { plain, plural } from '../model/text.ts'
import type { FolderEntry, MigrationKind, MigrationState } from './migration-kinds.ts'
import type { Remark } from './remark.ts'

/** What a table of migrations, and the folder they come from, amount to. */
export interface MigrationsVerdict {
  /** As documented: `up-to-date`, or what is wrong in a word. */
  readonly word: string
  readonly remarks: readonly Remark[]
  /** Names of the folder that are not in the table; null where no folder was asked for. */
  readonly pending: readonly string[] | null
}

/** The folder with the migrations: its entries, or why they are not known. */
export type MigrationSource = { readonly entries: readonly FolderEntry[]; /** Texts of files, where a tool keeps names in them. */ readonly texts: ReadonlyMap<string, string> } | { readonly problem: string }

/** Judges what a table says; `expected` is the name of the last migration there should be. */
export function judgeMigrations({ table, kind, state, source, expected }: { readonly table: string; readonly kind: MigrationKind; readonly state: MigrationState; readonly source?: MigrationSource | undefined; readonly expected?: string | undefined }): MigrationsVerdict {
  const remarks: Remark[] = state.remarks.map((remark) => ({ ...remark, text: plain(remark.text, 200) }))
  const latest = plain(state.latest ?? 'none', 120)
  const isEmpty = state.applied.size === 0 && remarks.length === 0
  if (isEmpty) remarks.push({ verdict: 'fail', text: `no migration was ever applied (${plain(table, 120)} is empty)`, recommendation: 'check that this is the right database, then run the migrations' })
  const isLatest = expected === undefined || isExpected(kind, state, expected, source)
  if (isLatest === null) remarks.push({ verdict: 'unknown', text: `whether ${plain(expected ?? '', 120)} is the last migration could not be told: ${plain(kind.tool, 80)} keeps no names`, recommendation: 'give `migrations.folder` too' })
  if (isLatest === false) {
    remarks.push({ verdict: 'fail', text: `the last migration is ${latest}, and ${plain(expected ?? '', 120)} is expected`, recommendation: 'run the migrations, or look whether an older version was deployed' })
  }
  const found = source === undefined ? null : 'problem' in source ? source.problem : pendingOf(kind, state, source)
  if (typeof found === 'string') remarks.push({ verdict: 'unknown', text: `which migrations are pending could not be told: ${found}`, recommendation: 'check `migrations.folder`' })
  const pending = typeof found === 'string' || found === null ? null : found.map((name) => plain(name, 200))
  if (pending !== null && pending.length > 0) {
    remarks.push({ verdict: 'warn', text: `${plural(pending.length, 'migration')} pending: ${pending.slice(0, 3).join(', ')}${pending.length > 3 ? ', ...' : ''}`, recommendation: 'run the migrations' })
  }
  const word = state.remarks.some(({ verdict }) => verdict === 'fail') ? 'failed' : state.remarks.length > 0 ? 'under way' : isEmpty ? 'none applied' : pending !== null && pending.length > 0 ? `${pending.length} pending` : remarks.some(({ verdict }) => verdict === 'fail') ? 'outdated' : typeof found === 'string' ? 'unknown' : 'up-to-date'
  return { word, remarks, pending }
}

/** Files whose text is needed to know what is pending. */
export function textsNeeded(kind: MigrationKind, entries: readonly FolderEntry[]): readonly string[] {
  if (kind.tool === 'Drizzle') return ['meta/_journal.json']
  return kind.tool === 'Alembic' ? entries.filter(({ name, isFolder }) => !isFolder && name.endsWith('.py') && name !== '__init__.py').map(({ name }) => name) : []
}

// A text is the reason why it cannot be told.
function pendingOf(kind: MigrationKind, { applied, latest }: MigrationState, { entries, texts }: Extract<MigrationSource, { entries: unknown }>): readonly string[] | string {
  if (kind.tool === 'Alembic') return pendingRevisions(applied, texts)
  if (kind.tool === 'Drizzle') return pendingOfJournal(applied, texts.get('meta/_journal.json'))
  const { keyOf } = kind
  if (keyOf === undefined) return `the table of ${plain(kind.tool, 80)} has no names`
  const known = entries.filter(({ name }) => !name.startsWith('.')).flatMap((entry) => ({ name: entry.name, key: keyOf(entry) })).filter(({ key }) => key !== null)
  if (known.length === 0) return `no migrations of ${plain(kind.tool, 80)} are in the folder`
  const isApplied = (key: string): boolean => applied.has(key) || (kind.keepsOnly === 'latest number' && latest !== null && BigInt(key) <= BigInt(/^\d+$/.test(latest) ? latest : '0'))
  return known.filter(({ key }) => key !== null && !isApplied(key)).map(({ name }) => name).sort()
}

// Alembic keeps the heads; every script names its own revision and those before it.
function pendingRevisions(heads: ReadonlySet<string>, texts: ReadonlyMap<string, string>): readonly string[] | string {
  const scripts = [...texts].flatMap(([file, text]) => {
    const revision = /^revision\s*(?::[^=\n]*)?=\s*['"]([^'"]+)['"]/m.exec(text)?.[1]
    const before = /^down_revision\s*(?::[^=\n]*)?=\s*([^\n]*)/m.exec(text)?.[1] ?? ''
    return revision === undefined ? [] : [{ file, revision, before: [...before.matchAll(/['"]([^'"]+)['"]/g)].map((match) => match[1] ?? '') }]
  })
  if (scripts.length === 0) return 'no migrations of Alembic are in the folder'
  const byRevision = new Map(scripts.map((script) => [script.revision, script]))
  const done = new Set<string>()
  const queue = [...heads]
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    if (done.has(next)) continue
    done.add(next)
    queue.push(...(byRevision.get(next)?.before ?? []))
  }
  return scripts.filter(({ revision }) => !done.has(revision)).map(({ file }) => file).sort()
}

function pendingOfJournal(applied: ReadonlySet<string>, text: string | undefined): readonly string[] | string {
  return journalOf(text)?.filter(({ when }) => !applied.has(String(when))).map(({ tag }) => String(tag)) ?? 'meta/_journal.json of Drizzle is missing or broken'
}

function journalOf(text: string | undefined): readonly { readonly when: number; readonly tag: string }[] | null {
  try {
    return z.object({ entries: z.array(z.object({ when: z.number(), tag: z.string() })) }).parse(JSON.parse(text ?? '')).entries
  } catch {
    return null
  }
}

// Null where the table alone cannot tell.
function isExpected(kind: MigrationKind, { applied, latest }: MigrationState, expected: string, source: MigrationSource | undefined): boolean | null {
  if (latest === null) return false
  if (kind.tool === 'Drizzle') {
    const entry = source !== undefined && 'texts' in source ? journalOf(source.texts.get('meta/_journal.json'))?.find(({ tag }) => tag === expected) : undefined
    return entry === undefined ? null : String(entry.when) === latest
  }
  // Alembic has as many last ones as it has branches; its files are REVISION_words.py.
  if (kind.tool === 'Alembic') return [...applied].some((head) => expected === head || expected.startsWith(`${head}_`))
  return isSame(expected, latest)
}

function isSame(expected: string, latest: string): boolean {
  const bare = (name: string): string => name.replace(/(\.up)?\.[A-Za-z]+$/, '')
  if (bare(expected) === bare(latest)) return true
  const number = /^0*(\d+)(?:[_-]|$)/.exec(expected)?.[1]
  return number !== undefined && (number === latest.replace(/^0+(?=\d)/, '') || (number.length === 13 && latest.endsWith(number)))
}
