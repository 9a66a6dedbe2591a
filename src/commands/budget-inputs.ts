import { snapshotFigures } from '../analysis/budget/snapshot-figures.ts'
import { UserError } from '../model/error.ts'
import type { BudgetLine } from '../model/budget.ts'
import type { Measurements } from '../model/measurements.ts'
import { firstPartyOf } from '../model/third-party.ts'
import type { Snapshot } from '../model/snapshot.ts'
import type { ReadChoice } from '../sources/artifacts/artifact.ts'
import type { BudgetContext } from './budget-run.ts'
import { readSources } from './compare-side.ts'

/** Where lhci keeps its reports, and what it calls them. */
const LHCI_FOLDER = '.lighthouseci'
const LHCI_REPORT = /^lhr-.*\.json$/
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

/** The reports that lhci left here. */
export async function lhciReports({ files }: BudgetContext['host']): Promise<readonly string[]> {
  const names = await files.list(LHCI_FOLDER)
  return names.filter((name) => LHCI_REPORT.test(name)).sort().map((name) => `${LHCI_FOLDER}/${name}`)
}

/** Measures pages now. Throws UserError where Lighthouse cannot be run. */
export async function measurePages({ host, flags, note }: Pick<BudgetContext, 'host' | 'flags' | 'note'>, choice: Partial<ReadChoice>): Promise<readonly Measurements[]> {
  const urls = flags.lighthouse ?? []
  if (urls.length === 0) {
    if (flags.runs !== undefined) throw new UserError({ code: 'USAGE', kind: 'usage', message: '--runs belongs to --lighthouse', hint: 'name the page that is to be measured: --lighthouse http://127.0.0.1:3000/' })
    return []
  }
  const [{ runLighthouse }, { readMeasurements }] = await Promise.all([import('../sources/lighthouse/run.ts'), import('../sources/artifacts/read-measurements.ts')])
  const list: Measurements[] = []
  for (const url of urls) {
    const reports = await runLighthouse({ url, runs: flags.runs ?? RUNS, signal: host.interrupts.drain, env: host.env, cwd: host.cwd, kill: (pid, name) => host.kill(pid, name), log: (text) => void note(text) })
    for (const { file, report } of reports) list.push(await readMeasurements(file, textBytes(JSON.stringify(report)), choice))
  }
  return list
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
