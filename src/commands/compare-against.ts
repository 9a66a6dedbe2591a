import { decideAll } from '../analysis/compare/decide.ts'
import { comparable } from '../analysis/compare/comparable.ts'
import { showChange } from '../analysis/compare/evidence.ts'
import { changePoints } from '../analysis/compare/e-divisive.ts'
import { pairSeries, usualGates } from '../analysis/compare/gates.ts'
import type { CompareRules } from '../analysis/compare/rules.ts'
import { middle, type Side } from '../analysis/shape/compare-shape.ts'
import { fittingName } from '../baselines/branch-folder.ts'
import { chooseRuns } from '../baselines/choose.ts'
import { digestOf, isSampled, type KeptBaseline } from '../baselines/kept-baseline.ts'
import { readShelf } from '../baselines/shelf.ts'
import type { Config } from '../config.ts'
import type { Host } from '../host.ts'
import type { Finding } from '../model/finding.ts'
import { seriesKey, type MeasuredSeries, type Measurements } from '../model/measurements.ts'
import { plain, plural } from '../model/text.ts'
import { baselineFolder, otherBranches, showAge, shownPath, tellStrays } from './baseline-place.ts'
import { runShape, showCommit, subjectOf } from './baseline-shape.ts'
import type { Addition } from './compare-additions.ts'
import { keptSide, readKept } from './kept-side.ts'

/** Which baseline is asked for. */
export interface AskedBaseline {
  readonly branch: string
  readonly dir: string | undefined
  readonly name: string | undefined
  /** The frozen runs decide. */
  readonly frozen: boolean | undefined
  /** Undefined for two weeks of rolling runs, and any age of frozen ones. */
  readonly maxAgeMs: number | undefined
}

type World = Pick<Host, 'cwd' | 'files' | 'stdin' | 'interrupts' | 'wallTime'>

const MAX_AGE_MS = 14 * 86_400_000

/** What was found to compare with. */
interface Found {
  /** What decides; empty where there is nothing. */
  readonly runs: readonly KeptBaseline[]
  readonly kind: 'rolling' | 'frozen'
  /** The yardstick that stays, beside the rolling runs that decide; empty where there is none. */
  readonly yardstick: readonly KeptBaseline[]
  readonly findings: readonly Finding[]
  readonly notes: readonly string[]
  readonly data: Readonly<Record<string, unknown>>
}

/** Finds the kept runs that results are to stand beside. Throws UserError `BASELINE_FOLDER`, and `INVALID_VALUE` for a name no branch has. */
async function findRuns(host: World, config: Pick<Config, 'folder'>, asked: AskedBaseline, heads: readonly Measurements[]): Promise<Found> {
  const folder = baselineFolder(host, config, asked.dir)
  const branch = fittingName(asked.branch)
  const name = asked.name === undefined ? null : fittingName(asked.name)
  const { kept, strays } = await readShelf(folder, branch)
  const [head] = heads
  const choose = (kind: Found['kind']): ReturnType<typeof chooseRuns> => {
    const digests = new Set(heads.filter(isSampled).map(digestOf))
    const ofKind = kept.filter(({ facts }) => facts.kind === kind)
    return head ? chooseRuns(ofKind, { format: head.format, surroundings: head.surroundings, name, digests }) : { runs: ofKind, passedOver: [] }
  }
  const [rolling, frozen] = [choose('rolling'), choose('frozen')]
  const kind = asked.frozen === true || (rolling.runs.length === 0 && frozen.runs.length > 0) ? 'frozen' : 'rolling'
  const { runs, passedOver } = kind === 'frozen' ? frozen : rolling
  const told = tellStrays(host, strays)
  const newest = runs.at(-1)
  const ageMs = newest ? (head?.takenAt ?? host.wallTime().getTime()) - newest.at : null
  const place = shownPath(host, folder)
  return {
    runs, kind,
    yardstick: kind === 'rolling' ? frozen.runs : [],
    findings: [...(newest ? tellAge(ageMs ?? 0, kind, branch, asked.maxAgeMs) : [await nothing(folder, place, branch, name, kind, passedOver)]), ...told.findings],
    notes: [
      ...(kind === 'frozen' && asked.frozen !== true ? [`there are no rolling runs of ${plain(branch, 80)}: the frozen ones decide`] : []),
      ...(newest && ageMs !== null ? [`the ${kind} baseline of ${plain(branch, 80)} is ${plural(runs.length, 'run')}, the newest measured ${showAge(Math.abs(ageMs))} ${ageMs < 0 ? 'after' : 'before'}`] : []),
      ...outcomes(runs),
      ...(newest && head && !comparable(newest.surroundings, head.surroundings).comparable ? [`no ${kind} run of ${plain(branch, 80)} was measured like this: save one of this plan, on this machine`] : []),
      ...(newest ? passedOver.map((each) => `not taken from the baseline: ${each}`) : []),
      ...told.notes,
    ],
    data: { branch, name, kind, folder: place, newestAgeMs: ageMs, runs: runs.map((run) => runShape(host, run)) },
  }
}

/** Without runs that were measured otherwise, which a comparison shows at most to say so. */
function fitting(found: Found, head: Measurements | undefined): Found {
  const [run] = found.runs
  const { reasons } = run && head ? comparable(run.surroundings, head.surroundings) : { reasons: [] }
  return reasons.length === 0 ? found : { ...found, runs: [], findings: [{ id: 'incomparable', verdict: 'unknown', title: `the baseline was not measured as ${head?.file ?? ''} was: ${reasons.join('; ')}`, hint: 'save a baseline of this plan, on this machine' }, ...found.findings] }
}

function tellAge(ageMs: number, kind: Found['kind'], branch: string, maxAgeMs: number | undefined): Finding[] {
  const most = maxAgeMs ?? (kind === 'rolling' ? MAX_AGE_MS : Number.POSITIVE_INFINITY)
  if (ageMs <= most) return []
  return [{ id: 'baseline:old', verdict: 'unknown', title: `the newest run of the ${kind} baseline of ${plain(branch, 80)} is ${showAge(ageMs)} old, older than ${showAge(most)}`, hint: `save a new one where ${plain(branch, 80)} is built, or say how old it may be with --max-age` }]
}

async function nothing(folder: string, place: string, branch: string, name: string | null, kind: Found['kind'], passedOver: readonly string[]): Promise<Finding> {
  const others = passedOver.length > 0 ? null : await otherBranches(folder, branch)
  const shown = plain(branch, 80)
  const there = passedOver.length > 0 ? `; there ${passedOver.length === 1 && passedOver[0]?.startsWith('1 ') ? 'is' : 'are'} ${passedOver.join(', ')}` : others ? `; there are some of ${others.shown}` : ''
  return {
    id: 'baseline:none', verdict: 'unknown',
    title: `there is no ${kind === 'frozen' ? 'frozen ' : ''}baseline of ${shown}${name === null ? '' : ` named "${plain(name, 60)}"`} in ${place}${there}`,
    hint: others?.near === undefined ? `save one where ${shown} is built: medianest-perf baseline save FILE... --branch ${shown}` : `did you mean "${others.near}"?`,
  }
}

function outcomes(runs: readonly KeptBaseline[]): string[] {
  const failed = runs.filter(({ facts }) => facts.source.verdict === 'fail').length
  const partial = runs.filter(({ facts }) => facts.source.partial).length
  return [
    ...(failed > 0 ? [`${failed} of the ${plural(runs.length, 'run')} of the baseline failed ${failed === 1 ? 'its' : 'their'} own thresholds`] : []),
    ...(partial > 0 ? [`${partial} of the ${plural(runs.length, 'run')} of the baseline ${partial === 1 ? 'is' : 'are'} not whole`] : []),
  ]
}

/** What results are compared with. */
export interface Against {
  /** Null where there is nothing, which the findings say. */
  readonly base: Side | null
  /** The frozen runs beside rolling ones that decide; null where there are none. */
  readonly yardstick: Side | null
  readonly addition: Addition
}

/** The kept runs of a branch as the base of a comparison with results that were read. */
export async function readAgainst(host: World, config: Pick<Config, 'folder'>, asked: AskedBaseline, heads: readonly Measurements[]): Promise<Against> {
  const { runs, kind, yardstick, findings, notes, data } = await findRuns(host, config, asked, heads)
  const named = (list: readonly KeptBaseline[], of: string): string => `${plain(asked.branch, 80)} (${plural(list.length, `${of} run`)})`
  const base = runs.length === 0 ? null : await keptSide(host, runs, named(runs, kind))
  const newest = runs.at(-1)
  return {
    base,
    yardstick: yardstick.length === 0 ? null : await keptSide(host, yardstick, named(yardstick, 'frozen')),
    addition: {
      findings, data: { against: data },
      facts: newest ? [{ label: 'Baseline', value: `${plural(runs.length, `${kind} run`)} of ${plain(asked.branch, 80)} (${subjectOf(newest.facts)}), the newest measured ${new Date(newest.at).toISOString()}${newest.facts.commit === null ? '' : ` at ${showCommit(newest.facts.commit)}`}` }] : [],
      notes: [...notes, ...(base ? ownChanges(base.measured.series, runs.length) : [])],
    },
  }
}

/** Runs before and after a change are two baselines in one: between them everything is inconclusive. */
function ownChanges(series: readonly MeasuredSeries[], runs: number): string[] {
  const keys = usualGates(pairSeries(series, series))
  return series.flatMap((each) => {
    const change = keys.has(seriesKey(each)) && each.values.length === runs ? changePoints(each.values).at(-1) : undefined
    return change ? [`${seriesKey(each)} changed within the baseline itself, by ${showChange(change.change, 'relative')} with its last ${plural(runs - change.index, 'run')}: the older ones are of something else; see baseline show, and remove them with baseline prune`] : []
  })
}

/** The kept runs of a branch as they are, for limits that are relative to a baseline: those that fit each of the results, or all where there are none. */
export async function baselineMeasurements(host: World, config: Pick<Config, 'folder'>, asked: AskedBaseline, heads: readonly Measurements[]): Promise<{ readonly measurements: readonly Measurements[]; readonly findings: readonly Finding[]; readonly notes: readonly string[] }> {
  const found = await Promise.all((heads.length === 0 ? [[]] : heads.map((head) => [head])).map(async (list) => fitting(await findRuns(host, config, asked, list), list[0])))
  const runs = [...new Map(found.flatMap((each) => each.runs).map((run) => [run.path, run])).values()]
  const findings = [...new Map(found.flatMap((each) => each.findings).map((finding) => [finding.title, finding])).values()]
  return { measurements: runs.length === 0 ? [] : await readKept(host, runs), findings, notes: [...new Set(found.flatMap((each) => each.notes))] }
}

/** What has changed since the frozen runs, beside the comparison that decides: for information. */
export function yardstickAddition(yardstick: Side, head: Side, keys: ReadonlySet<string>, rules: CompareRules): Addition {
  const pairs = pairSeries(yardstick.measured.series, head.measured.series).flatMap(({ key, base, head: after }) => (base && after && keys.has(key) ? [{ key, base, head: after }] : []))
  const decisions = decideAll(pairs, rules, comparable(yardstick.measured.surroundings, head.measured.surroundings))
  const found = pairs.flatMap((pair, nth) => {
    const decision = decisions[nth]
    return decision ? [{ ...pair, decision }] : []
  })
  const number = (series: MeasuredSeries): number | null => (Number.isFinite(middle(series)) ? middle(series) : null)
  return {
    data: { frozen: { files: yardstick.files, figures: found.map(({ key, base, head: after, decision: { verdict, scale, estimate, interval, n, why } }) => ({ figure: key, unit: after.unit, baseline: number(base), current: number(after), verdict, change: { scale, estimate, interval }, n, why })) } },
    tables: found.length === 0 ? [] : [{
      title: `Since the frozen baseline, for information: ${yardstick.measured.file}`,
      columns: [{ label: 'Figure', isMain: true }, { label: 'Frozen', align: 'right' }, { label: 'Current', align: 'right' }, { label: 'Change', align: 'right' }, { label: 'Verdict' }],
      rows: found.map(({ key, base, head: after, decision: { estimate, scale, verdict } }) => {
        const [then, now] = [number(base), number(after)]
        return [key, then === null ? null : { value: then, unit: base.unit }, now === null ? null : { value: now, unit: after.unit }, estimate === null ? null : showChange(estimate, scale), verdict]
      }),
    }],
  }
}
