import { plain } from '../../../model/text.ts'
import type { Application } from '../../../model/snapshot.ts'
import { OWN_QUESTION } from '../../../services/postgres-kept.ts'
import { statementKind, type StatementKind } from './statement-kind.ts'
import { gainsOf, openBaseline } from './statement-window.ts'
import type { StatementLook, Tally } from './statements.ts'

/** What is known of queries; NaN and undefined where it is not. */
export interface QueryFigures {
  /** Since the counters began. */
  readonly total: number
  readonly kinds: ReadonlyMap<StatementKind, number>
  /** Since the look before. */
  readonly ran: number
  readonly avgMs: number
  /** Of the last half to whole hour, as far as there were looks. */
  readonly slow: number
  readonly slowest: Application['queries'] | undefined
  /** Whether others run queries that may not be seen. */
  readonly isPartial: boolean
}

/** Follows pg_stat_statements from look to look. */
export interface StatementWatch {
  /** The statements whose texts are still to be told. */
  unknown(look: StatementLook): readonly string[]
  learn(texts: readonly (readonly [id: string, text: string | null])[]): void
  add(look: StatementLook, atMs: number): QueryFigures
  /** Forgets the looks: what comes now counts from elsewhere. */
  restart(): void
}

interface Known {
  /** Null for one that is no query of the application's. */
  readonly kind: StatementKind | null
  readonly text: string
}

const HALF_HOUR_MS = 30 * 60_000
const LISTED = 20
const TEXT_LENGTH = 500

/** A watch to which a query is slow when it takes longer than `slowMs` on average. */
export function watchStatements(slowMs: number): StatementWatch {
  const known = new Map<string, Known>()
  const hour = openBaseline<StatementLook>(HALF_HOUR_MS)
  let before: StatementLook | undefined
  const queries = (tallies: ReadonlyMap<string, Tally>): { readonly kind: StatementKind; readonly text: string; readonly tally: Tally }[] =>
    [...tallies].flatMap(([id, tally]) => {
      const { kind, text } = known.get(id) ?? { kind: null, text: '' }
      return kind === null ? [] : [{ kind, text, tally }]
    })
  return {
    unknown: ({ statements }) => [...statements.keys()].filter((id) => !known.has(id)),
    learn(texts) {
      for (const [id, text] of texts) known.set(id, text === null || text.startsWith(OWN_QUESTION) ? { kind: null, text: '' } : { kind: statementKind(text), text: plain(text.trim(), TEXT_LENGTH) })
    },
    add(look, atMs) {
      for (const id of known.keys()) if (!look.statements.has(id)) known.delete(id)
      const since = before && gainsOf(before, look)
      if (since === null) hour.clear()
      const recent = hour.look && gainsOf(hour.look, look)
      hour.keep(look, atMs)
      before = look

      const isPartial = look.hiddenCalls > 0
      const kinds = new Map<StatementKind, number>()
      const all = queries(look.statements)
      for (const { kind, tally } of all) kinds.set(kind, (kinds.get(kind) ?? 0) + tally.calls)
      // What others ran may not be seen: a figure without it would be of something else.
      const ran = since && since.hiddenCalls === 0 ? sumOf(queries(since.gains).map(({ tally }) => tally)) : null
      const listed = recent ? queries(recent.gains).map(({ text, tally }) => ({ query: text, count: tally.calls, avgMs: tally.ms / tally.calls })).toSorted((a, b) => b.avgMs - a.avgMs) : undefined
      return {
        isPartial,
        total: isPartial ? Number.NaN : sumOf(all.map(({ tally }) => tally)).calls, kinds: isPartial ? new Map() : kinds,
        ran: ran?.calls ?? Number.NaN, avgMs: ran ? ran.ms / ran.calls : Number.NaN,
        slow: listed && recent?.hiddenCalls === 0 ? listed.filter(({ avgMs }) => avgMs > slowMs).length : Number.NaN,
        slowest: listed?.slice(0, LISTED),
      }
    },
    restart() {
      before = undefined
      hour.clear()
    },
  }
}

function sumOf(tallies: readonly Tally[]): Tally {
  return tallies.reduce((sum, { calls, ms }) => ({ calls: sum.calls + calls, ms: sum.ms + ms }), { calls: 0, ms: 0 })
}
