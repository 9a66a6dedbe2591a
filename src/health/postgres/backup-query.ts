import { plain, plural } from '../../model/text.ts'
import { quoteText } from '../../services/postgres.ts'
import { PostgresProblem } from '../../services/postgres-problem.ts'
import type { Backup } from '../backup.ts'
import type { HealthWorld } from '../world.ts'
import type { Inquiry } from '../../services/postgres-inquiry.ts'

/** OIDs of types (pg_type.dat): those of a duration, those of a number. */
const INTERVAL = 1186
/** More than three thousand years, which no `Date` has trouble with. */
const LONGEST_SECONDS = 1e11
const NUMBERS: readonly number[] = [20, 21, 23, 700, 701, 1700]

/** Asks when the last backup was: a time, or for how many seconds (or which interval) ago it was. Throws `PostgresProblem` where the connection is gone. */
export async function askForBackup(query: string, inquiry: Inquiry, world: Pick<HealthWorld, 'wallTime'>): Promise<Backup> {
  const unknown = (text: string): Backup => ({ at: null, remarks: [{ verdict: 'unknown', text: `the last backup is not known: ${text}`, recommendation: 'check `backup.query`: it yields one value, a time or the seconds since, as SELECT max(finished_at) FROM backups does' }] })
  try {
    const { columns, rows } = await inquiry.askOne(query.replace(/[\s;]+$/, ''))
    if (columns.length !== 1 || rows.length > 1) return unknown(`its query yields ${plural(columns.length, 'column')} and ${plural(rows.length, 'row')}`)
    const value = rows[0]?.[0]
    if (value === undefined || value === null) return { at: null, remarks: [{ verdict: 'fail', text: 'no backup: the query for the last one finds none', recommendation: 'see whether the backup job runs' }] }
    const type = columns[0]?.type ?? 0
    const isNumber = NUMBERS.includes(type) || /^-?\d+(\.\d+)?$/.test(value.trim())
    const age = isNumber ? value : type === INTERVAL ? `extract(epoch FROM ${quoteText(value)}::interval)` : `extract(epoch FROM now() - ${quoteText(value)}::timestamptz)`
    const seconds = isNumber ? Number(value) : Number((await inquiry.ask(`SELECT ${age}`))[0]?.rows[0]?.[0] ?? Number.NaN)
    if (!(Math.abs(seconds) < LONGEST_SECONDS)) return unknown(`"${plain(value, 60)}" is no time`)
    return { at: world.wallTime().getTime() - seconds * 1_000, remarks: [] }
  } catch (error) {
    if (!(error instanceof PostgresProblem) || error.sqlState === undefined || error.kind === 'terminated') throw error
    return unknown(error.sqlState === '25006' ? 'its query wants to write, and may only read' : error.message)
  }
}
