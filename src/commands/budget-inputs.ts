import { basename, join } from 'node:path'
import { snapshotFigures } from '../analysis/budget/snapshot-figures.ts'
import { UserError } from '../model/error.ts'
import type { BudgetLine } from '../model/budget.ts'
import type { Finding } from '../model/finding.ts'
import type { Measurements } from '../model/measurements.ts'
import { plain, plural } from '../model/text.ts'
import { firstPartyOf } from '../model/third-party.ts'
import type { Snapshot } from '../model/snapshot.ts'
import { showDuration } from '../model/unit.ts'
import type { ReadChoice } from '../sources/artifacts/artifact.ts'
import type { BudgetContext } from './budget-run.ts'
import type { Addition } from './compare-additions.ts'
import { readSources } from './compare-side.ts'

/** Where lhci keeps its reports, and what it calls them. */
const LHCI_FOLDER = '.lighthouseci'
const LHCI_REPORT = /^lhr-.*\.json$/
const DAY_MS = 24 * 3_600_000
const MINUTE_MS = 60_000
const RUNS = 3
/** Time between the two looks at this machine that rates need, milliseconds. */
const LOOK_MS = 1_000
const PATIENCE = 6

/** How results are read for these lines: each file is a run, with all that it tells. */
export function choiceFor(lines: readonly BudgetLine[]): Partial<ReadChoice> {
  const hosts = lines.flatMap(({ subjects }) => subjects.flatMap((subject) => (subject.kind === 'series' ? [firstPartyOf(subject.metric)] : []))).filter((set) => set !== undefined)
  return { per: 'run', detail: true, firstParty: [...new Map(hosts.map((set) => [set.join(','), set])).values()] }
}

/** Reads the results that were given. Throws UserError for what cannot be read, and for a file that is given twice. */
export async function readInputs(host: BudgetContext['host'], names: readonly string[], choice: Partial<ReadChoice>): Promise<readonly Measurements[]> {
  const paths = names.map((name) => (name === '-' ? name : host.files.resolve(name)))
  const twice = names.find((_, at) => paths.indexOf(paths[at] ?? '') < at)
  if (twice !== undefined) throw new UserError({ code: 'USAGE', kind: 'usage', message: `${twice === '-' ? 'stdin (-)' : twice} is given twice`, hint: 'a copy would only pretend to be another run' })
  return readSources(host, names, choice)
}

/** What lhci left here. */
export interface LeftReports {
  readonly list: readonly Measurements[]
  readonly addition: Addition
}

/** The reports that lhci left here, with how old they are: of a build that is long gone they would judge nothing. Throws UserError for what cannot be read. */
export async function lhciReports(host: BudgetContext['host'], choice: Partial<ReadChoice>): Promise<LeftReports> {
  const names = (await host.files.list(LHCI_FOLDER)).filter((name) => LHCI_REPORT.test(name)).sort()
  if (names.length === 0) return { list: [], addition: {} }
  const list = await readInputs(host, names.map((name) => `${LHCI_FOLDER}/${name}`), choice)
  const made = list.flatMap(({ takenAt }) => takenAt ?? [])
  const ageMs = made.length === 0 ? null : Math.max(0, host.wallTime().getTime() - Math.max(...made))
  const age = ageMs === null ? 'of unknown age' : `the newest made ${showAge(ageMs)}`
  const finding: Finding = { id: 'lighthouseci:old', verdict: 'warn', title: `the Lighthouse reports of ${LHCI_FOLDER} are old, ${age}: they may be of another build`, hint: 'run lhci collect again or measure now with --lighthouse URL; name the files if they are meant' }
  return { list, addition: { notes: [`no Lighthouse report was given: read ${names.length} of ${LHCI_FOLDER}, ${age}`], findings: ageMs !== null && ageMs > DAY_MS ? [finding] : [] } }
}

function showAge(ms: number): string {
  if (ms < MINUTE_MS) return 'just now'
  return ms < 2 * DAY_MS ? `${showDuration(ms)} ago` : `${Math.floor(ms / DAY_MS)} days ago`
}

/** Measures pages now. Throws UserError where Lighthouse cannot be run, nothing answers there, or reports cannot be kept. */
export async function measurePages({ host, flags, note }: Pick<BudgetContext, 'host' | 'flags' | 'note'>, choice: Partial<ReadChoice>): Promise<readonly Measurements[]> {
  const urls = flags.lighthouse ?? []
  if (urls.length === 0) {
    const lost = flags.runs !== undefined ? '--runs' : flags.keepReports !== undefined ? '--keep-reports' : undefined
    if (lost !== undefined) throw new UserError({ code: 'USAGE', kind: 'usage', message: `${lost} belongs to --lighthouse`, hint: 'name the page that is to be measured: --lighthouse http://127.0.0.1:3000/' })
    return []
  }
  const [{ runLighthouse }, { expectAnswer }, { readMeasurements }] = await Promise.all([import('../sources/lighthouse/run.ts'), import('../sources/lighthouse/answer.ts'), import('../sources/artifacts/read-measurements.ts')])
  const keep = await openKeeping({ host, flags, note })
  // Of several pages the last is asked before minutes are spent on the first.
  for (const url of urls) await expectAnswer(url, { signal: host.interrupts.drain, env: host.env })
  const list: Measurements[] = []
  for (const url of urls) {
    const reports = await runLighthouse({ url, runs: flags.runs ?? RUNS, signal: host.interrupts.drain, env: host.env, cwd: host.cwd, kill: (pid, name) => host.kill(pid, name), log: (text) => void note(text) })
    for (const { file, report } of reports) {
      const text = JSON.stringify(report)
      list.push(await readMeasurements((await keep(text)) ?? file, textBytes(text), choice))
    }
  }
  if (flags.keepReports !== undefined) await note(`kept ${plural(list.length, 'Lighthouse report')} in ${plain(flags.keepReports, 300)}: ${list.map(({ file }) => basename(file)).join(', ')}`)
  return list
}

/** Keeps a report, and says where; null where none are kept. That they can be is seen before they are made. Throws UserError `CANNOT_WRITE`. */
async function openKeeping({ host: { files }, flags: { keepReports: folder }, note }: Pick<BudgetContext, 'host' | 'flags' | 'note'>): Promise<(text: string) => Promise<string | null>> {
  if (folder === undefined) return () => Promise.resolve(null)
  const place = (number: number): string => join(folder, `lhr-${number}.json`)
  const there = (await files.list(folder)).filter((name) => LHCI_REPORT.test(name))
  if (there.length > 0) await note(`${plain(folder, 300)} holds ${plural(there.length, 'report')} already: those of the same number are replaced, others stay`)
  await files.makeFolder(folder)
  await files.expectWritable(place(1))
  let kept = 0
  return async (text) => {
    const file = place(++kept)
    await files.write(file, `${text}\n`)
    return file
  }
}

/** What this machine says of itself, over a second. */
export async function measureMachine(host: BudgetContext['host']): Promise<Measurements | null> {
  const [{ openLocalFeed }, { isWhole, snapshots }] = await Promise.all([import('../sources/local-feed.ts'), import('./snapshots.ts')])
  const feed = await openLocalFeed(host, { intervalMs: LOOK_MS, processes: false })
  let snapshot: Snapshot | null = null
  let looks = 0
  for await (const look of snapshots(feed, host.interrupts.drain)) {
    snapshot = look.snapshot
    if (++looks >= PATIENCE || isWhole(look, feed, LOOK_MS, false)) break
  }
  return snapshot && snapshotFigures('this machine', snapshot)
}

async function* textBytes(text: string): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(text)
}
