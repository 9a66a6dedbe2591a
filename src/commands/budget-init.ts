import { bundleCandidate, draftText, limitFor, namedCandidate, packageCandidates, resultLines, type Candidate, type DraftLine } from '../budget/draft.ts'
import { readBudgetText } from '../budget/own.ts'
import { DEFAULT_MARGIN } from '../budget/ratchet.ts'
import type { Encoding, Measured } from '../model/budget.ts'
import { UserError } from '../model/error.ts'
import type { Measurements } from '../model/measurements.ts'
import { report, type Report } from '../model/report.ts'
import { plain } from '../model/text.ts'
import { showQuantity, showRatio } from '../model/unit.ts'
import type { Files } from '../files.ts'

/** What `budget init` needs of its command. */
export interface InitContext {
  readonly host: { readonly files: Pick<Files, 'read' | 'bytes' | 'exists' | 'write' | 'resolve'>; wallTime(): Date; readonly interrupts: { readonly drain: AbortSignal } }
  /** The word init, and files of results. */
  readonly arguments: readonly string[]
  readonly flags: { readonly yes?: boolean | undefined; readonly margin?: number | undefined; /** Where it is written: the first. */ readonly budget?: readonly string[] | undefined }
}

/** Measures files or packages. */
export type Measure = (subject: Candidate['subject']) => Promise<readonly Measured[]>

const FOLDERS = ['dist', 'build', '.next', 'out'] as const
const LOCKS = ['package-lock.json', 'npm-shrinkwrap.json', 'yarn.lock', 'pnpm-lock.yaml'] as const
const ENCODING: Encoding = { kind: 'gzip', level: 9 }

/** Files that get a line of their own: the largest, with this share of all or more. */
const MOST_NAMED = 10
const LEAST_SHARE = 0.02
/** Entry points that get a line of their own. */
const MOST_ENTRIES = 20

/**
 * Writes a budget from what is there now and a margin, and yields what it wrote. Throws UserError `BUDGET_EXISTS` where one is there and `yes` is not
 * given, `NOTHING_TO_BUDGET` where nothing is found, and what reading results throws.
 */
export async function* initBudget({ host, arguments: words, flags }: InitContext, measure: Measure): AsyncGenerator<Report> {
  const startedAt = host.wallTime()
  const file = flags.budget?.[0] ?? 'budget.yaml'
  if (flags.yes !== true && (await host.files.exists(file))) {
    throw new UserError({ code: 'BUDGET_EXISTS', kind: 'usage', message: `${plain(file, 300)} is there already`, hint: 'budget --update tightens it; --yes replaces it; --budget FILE writes another' })
  }
  const root = await firstThere(host.files, FOLDERS)
  const gone: string[] = []
  const built = root === undefined ? [] : await builtLines(host.files.resolve(root), measure, gone)
  const packages = (await host.files.exists('package.json')) ? await linesOf(packageCandidates(host.files.resolve('.'), (await firstThere(host.files, LOCKS)) !== undefined), measure, gone) : []
  const results = await resultsOf(host, words.slice(1))
  const lines = [...built, ...packages, ...resultLines(results)]
  if (lines.length === 0) {
    throw new UserError({ code: 'NOTHING_TO_BUDGET', kind: 'input', message: `there is nothing to make a budget of: no ${FOLDERS.join(', ')} with scripts or styles, no package.json, no result${gone.map((each) => ` (${each})`).join('')}`, hint: 'build first, or name results of a load test or of Lighthouse: budget init run.json lhr.json' })
  }
  const margin = flags.margin ?? DEFAULT_MARGIN
  // Globs are named from where the budget lies.
  const folder = host.files.resolve(file, '..')
  const text = draftText(lines, { root: root === undefined ? null : folder === host.files.resolve('.') ? root : host.files.resolve(root), compression: 'gzip', margin, on: startedAt })
  await readBudgetText(file, text, { folder, read: (path) => host.files.read(host.files.resolve(folder, path)) })
  await host.files.write(file, text)
  yield report({
    command: 'budget', title: `wrote ${plain(file, 300)}: what is there now and ${showRatio(margin)}`, startedAt, finishedAt: host.wallTime(),
    data: { file, margin, lines: lines.map((line) => ({ id: nameOf(line), observed: line.observed, limit: limitFor(line, margin), unit: line.unit })) },
    tables: [{
      title: 'limits', columns: [{ label: 'what', isMain: true }, { label: 'now', align: 'right' }, { label: 'limit', align: 'right' }],
      rows: lines.map((line) => [plain(nameOf(line), 120), showQuantity({ value: line.observed, unit: line.unit }), limitFor(line, margin)]),
    }],
    notes: gone,
  })
}

const nameOf = ({ section, path }: Pick<DraftLine, 'section' | 'path'>): string => `${section}:${path.join('.')}`

async function firstThere<const N extends string>(files: Pick<Files, 'exists'>, names: readonly N[]): Promise<N | undefined> {
  for (const name of names) if (await files.exists(name)) return name
  return undefined
}

/** All together, and the largest by name; what cannot be measured is told in `gone`. */
async function builtLines(root: string, measure: Measure, gone: string[]): Promise<DraftLine[]> {
  const total = bundleCandidate(root, ENCODING)
  const measured = (await measure(total.subject))[0]
  if (measured === undefined || measured.observed === null) {
    gone.push(leftOut(total, measured))
    return []
  }
  const all = measured.observed
  const large = measured.parts.filter(({ value }) => value >= all * LEAST_SHARE).slice(0, MOST_NAMED).map(({ name }) => namedCandidate(name, root, ENCODING))
  const named = [...new Map(large.map((candidate) => [candidate.path[0], candidate])).values()]
  return [...(await entryLines(root, measure)), ...(await linesOf(named, measure, gone)), lineOf(total, all)]
}

/** What each entry point loads first, where a bundler wrote that down. */
async function entryLines(root: string, measure: Measure): Promise<DraftLine[]> {
  const entries = await measure({ kind: 'entries', root, manifest: null, entries: ['*'], type: null, encoding: ENCODING, measure: 'total' })
  return entries.flatMap(({ of, observed }) => (observed === null || of === '' ? [] : [{ section: 'bundles' as const, path: [`start of ${of}`, 'max'], kind: 'size' as const, unit: 'bytes' as const, better: 'lower' as const, observed, entry: of }])).slice(0, MOST_ENTRIES)
}

function leftOut(candidate: Candidate, measured: Measured | undefined): string {
  return `left out ${plain(nameOf(candidate), 120)}: ${measured?.problem ?? 'nothing was measured'}`
}

async function linesOf(candidates: readonly Candidate[], measure: Measure, gone: string[]): Promise<DraftLine[]> {
  const lines: DraftLine[] = []
  for (const candidate of candidates) {
    const [first] = await measure(candidate.subject)
    if (first !== undefined && first.observed !== null) lines.push(lineOf(candidate, first.observed))
    else gone.push(leftOut(candidate, first))
  }
  return lines
}

function lineOf({ section, path, kind, unit }: Candidate, observed: number): DraftLine {
  return { section, path, kind, unit, better: 'lower', observed }
}

async function resultsOf({ files, interrupts }: InitContext['host'], names: readonly string[]): Promise<Measurements[]> {
  if (names.length === 0) return []
  const { readMeasurements } = await import('../sources/artifacts/read-measurements.ts')
  const results: Measurements[] = []
  for (const name of names) results.push(await readMeasurements(name, files.bytes(name, interrupts.drain), { per: 'run' }))
  return results
}
