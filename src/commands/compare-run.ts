import { comparable, type Comparability } from '../analysis/compare/comparable.ts'
import { decideAll } from '../analysis/compare/decide.ts'
import { gatesFor, pairSeries } from '../analysis/compare/gates.ts'
import { presetFigures, simple, tiers } from '../analysis/compare/presets.ts'
import { rulesWith } from '../analysis/compare/rules.ts'
import type { Judged, Side } from '../analysis/shape/compare-shape.ts'
import type { Files } from '../files.ts'
import { UserError } from '../model/error.ts'
import type { ArtifactFormat } from '../model/measurements.ts'
import { report, type Report } from '../model/report.ts'
import type { Context } from './command.ts'
import { withAdditions } from './compare-additions.ts'
import type { Against } from './compare-against.ts'
import type { COMPARE_FLAGS } from './compare.ts'
import { refuseLiveFlags } from './compare-live-flags.ts'
import { compareReport } from './compare-report.ts'
import { readSide, readSources, sideOf } from './compare-side.ts'
import { refuseLostFlags } from './against-flags.ts'

type CompareContext = Pick<Context<typeof COMPARE_FLAGS>, 'host' | 'config' | 'arguments' | 'flags'>

/** Compares results with a baseline and yields what that says. */
export async function* runCompare({ host, config, arguments: words, flags }: CompareContext): AsyncGenerator<Report> {
  const startedAt = host.wallTime()
  refuseLiveFlags(flags)
  const files = sidesOf(words, flags, host.files)
  const choice = { per: flags.per ?? 'run' } as const
  const read = async (names: readonly string[]): ReturnType<typeof readSide> => readSide(host, names, choice)
  const sides = await (flags.against === undefined ? read(files.base).then(async (base) => ({ base, head: await read(files.head), against: null })) : besideKept(host, config, files.head, flags.against, flags)).catch((error: unknown) => {
    if (host.interrupts.drain.aborted) return null
    throw error
  })
  if (sides === null) {
    yield report({ command: 'compare', title: 'comparison', verdict: 'unknown', interrupted: host.interrupts.drain.reason as 'SIGINT' | 'SIGTERM', startedAt, finishedAt: host.wallTime() }) // the reason is the signal's name
    return
  }
  const { base, head, against } = sides
  if (base === null) {
    const nothing = report({ command: 'compare', title: `comparison of ${head.measured.file} with a baseline that is not there`, startedAt, finishedAt: host.wallTime() })
    yield withAdditions(nothing, [against.addition])
    return
  }
  const rules = rulesWith(flags)
  const comparability = withTools(comparable(base.measured.surroundings, head.measured.surroundings), base.measured.format, head.measured.format)
  const pairs = pairSeries(base.measured.series, head.measured.series)
  const { gates, strangers } = gatesFor(pairs, flags.gate)

  const common = pairs.flatMap(({ key, base: before, head: after }) => (before && after ? [{ key, base: before, head: after, gates: gates.has(key) }] : []))
  const decisions = decideAll(common, rules, comparability)
  const figures = common.flatMap((figure, nth): Judged[] => {
    const decision = decisions[nth]
    return decision ? [{ ...figure, decision }] : []
  })
  const [before, after] = [presetFigures(base.measured.series), presetFigures(head.measured.series)]
  const preset = flags.preset === undefined ? undefined : { name: flags.preset, ...(flags.preset === 'tiers' ? tiers(before, after) : simple(before, after)) }
  const told = compareReport({
    base, head, comparability, rules,
    figures: comparability.comparable || flags.force ? figures : [],
    onlyBase: pairs.filter(({ head: other }) => !other).map(({ key }) => key),
    onlyHead: pairs.filter(({ base: other }) => !other).map(({ key }) => key),
  }, { gates, strangers, common: common.length, preset, per: choice.per, force: flags.force ?? false, startedAt, finishedAt: host.wallTime() })
  const yardstick = against?.yardstick ?? null
  yield withAdditions(told, [
    ...(against ? [against.addition] : []),
    ...(yardstick === null ? [] : [(await import('./compare-against.ts')).yardstickAddition(yardstick, head, gates, rules)]),
    ...(flags.progress ? [(await import('./compare-progress.ts')).progressAddition(yardstick ?? base, head)] : []),
  ])
}

/** The files of the current side beside what is kept of a branch. */
async function besideKept(host: CompareContext['host'], config: CompareContext['config'], files: readonly string[], branch: string, { baselineDir: dir, baselineName: name, frozen, maxAge: maxAgeMs }: CompareContext['flags']): Promise<{ readonly base: Side; readonly head: Side; readonly against: Against } | { readonly base: null; readonly head: Side; readonly against: Against }> {
  const { readAgainst } = await import('./compare-against.ts')
  const list = await readSources(host, files, { per: 'run' })
  const [head, against] = [await sideOf(files, list), await readAgainst(host, config, { branch, dir, name, frozen, maxAgeMs }, list)]
  return against.base === null ? { base: null, head, against } : { base: against.base, head, against }
}

/** Which files are of which side. Throws UserError `USAGE` where a side has none, a file counts twice, or the flags contradict each other. */
function sidesOf(words: readonly string[], flags: CompareContext['flags'], { resolve }: Pick<Files, 'resolve'>): { readonly base: readonly string[]; readonly head: readonly string[] } {
  const { baseline, against } = flags
  if (against !== undefined && baseline !== undefined) throw usage('--against and --baseline both name what to compare with', 'give one of them')
  if (against !== undefined && flags.per === 'slice') throw usage('--per slice has nothing to stand beside: what is kept for --against are runs', 'leave it out, or name the files with --baseline')
  refuseLostFlags(flags)
  const [base, head] = against !== undefined ? [[], words] : baseline === undefined ? [words.slice(0, 1), words.slice(1)] : [baseline, words]
  if (head.length === 0) throw usage(base[0] === undefined ? 'there is nothing to compare' : `there is nothing to compare ${base[0]} with`, 'give the baseline, then the files of the current side: medianest-perf compare before.json after.json')
  const paths = [...base, ...head].map((name) => (name === '-' ? name : resolve(name)))
  const twice = [...base, ...head].find((_, at) => paths.indexOf(paths[at] ?? '') < at)
  if (twice !== undefined) throw usage(`${twice === '-' ? 'stdin (-)' : twice} is given twice`, 'each file is one measurement of one side: a copy would only pretend to be another')
  return { base, head }
}

function usage(message: string, hint: string): UserError {
  return new UserError({ code: 'USAGE', kind: 'usage', message, hint })
}

/** Tools count differently (when a request begins, what has failed), so results of two of them are not alike even where nothing else is known. */
function withTools(known: Comparability, base: ArtifactFormat, head: ArtifactFormat): Comparability {
  const [before, after] = [toolOf(base), toolOf(head)]
  if (before === after || before === undefined || after === undefined || known.reasons.some((reason) => reason.startsWith('the tool differs'))) return known
  return { ...known, comparable: false, reasons: [...known.reasons, `the tool differs: ${before}, then ${after}`] }
}

/** A tool by its format; undefined for formats that figures of any origin are put into. */
function toolOf(format: ArtifactFormat): string | undefined {
  return format === 'reference-baseline' || format === 'measurements' ? undefined : format.replace(/^(k6|vegeta|hey|vitest)-.*/, '$1')
}
