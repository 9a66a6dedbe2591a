import { baselineOf, isNewSince } from '../analysis/budget/budget-baseline.ts'
import { judgeLine } from '../analysis/budget/judge-line.ts'
import type { BudgetLine, BudgetResult } from '../model/budget.ts'
import { UserError } from '../model/error.ts'
import type { Measurements } from '../model/measurements.ts'
import { report, type Report } from '../model/report.ts'
import { plain } from '../model/text.ts'
import type { BundleReader } from '../sources/bundles/measure.ts'
import type { BUDGET_FLAGS } from './budget.ts'
import { refuseLostFlags } from './against-flags.ts'
import { linesOf, openBudgets, topFolder, type Budgets } from './budget-files.ts'
import { askInstance, asksSystem, asksUsers } from './budget-instance.ts'
import { choiceFor, lhciReports, measureMachine, measurePages, readInputs } from './budget-inputs.ts'
import { explained, isNotGiven, measureLine, type BudgetSources } from './budget-measure.ts'
import { budgetReport } from './budget-report.ts'
import type { Context } from './command.ts'
import { withAdditions, type Addition } from './compare-additions.ts'

/** What `budget` works with. */
export type BudgetContext = Pick<Context<typeof BUDGET_FLAGS>, 'host' | 'config' | 'arguments' | 'flags' | 'instances' | 'global' | 'note'>

/** What is asked of other rooms; tests ask stand-ins. */
export interface BudgetRooms {
  readonly openBudgets: (context: BudgetContext) => Promise<Budgets>
  readonly build: (context: BudgetContext) => BudgetSources['build']
}

const ROOMS: BudgetRooms = {
  openBudgets,
  build: ({ host }) => {
    let reader: Promise<BundleReader> | undefined
    const env = Object.fromEntries(Object.entries(host.env).filter((entry): entry is [string, string] => entry[1] !== undefined))
    return async (subject) => {
      reader ??= import('../sources/bundles/measure.ts').then(({ createBundleReader }) => createBundleReader({ signal: host.interrupts.drain, cwd: host.cwd, env }))
      return (await reader).measure(subject)
    }
  },
}

/** Holds what is measured against what it may come to, and yields what that says; with `init` as the first word, writes a budget. */
export async function* runBudget(context: BudgetContext, rooms: BudgetRooms = ROOMS): AsyncGenerator<Report> {
  const { host, flags } = context
  if (context.arguments[0] === 'init') {
    await expectFiles(context, context.arguments.slice(1))
    const { initBudget } = await import('./budget-init.ts')
    yield* initBudget(context, rooms.build(context))
    return
  }
  await refuseWord(context)
  for (const name of ['yes', 'margin'] as const) if (flags[name] !== undefined && !flags.update) throw usage(`--${name} belongs to --update and to init`, 'medianest-perf help budget explains them')
  const startedAt = host.wallTime()
  const doing = { now: 'results were read' }
  const judged = await judge(context, rooms, doing).catch((error: unknown) => {
    if (host.interrupts.drain.aborted) return null
    throw error
  })
  const times = { startedAt, finishedAt: host.wallTime() }
  if (judged === null) {
    // The terminal has written ^C where the cursor is.
    if (host.stderr.isTerminal) await context.note('')
    yield report({ command: 'budget', title: `interrupted while ${doing.now}, nothing was judged`, verdict: 'unknown', interrupted: host.interrupts.drain.reason as 'SIGINT' | 'SIGTERM', ...times }) // the reason is the signal's name
    return
  }
  const updates = flags.update ? await update(context, judged.results) : []
  yield withAdditions(budgetReport({ ...judged, notes: [...updates, ...judged.notes] }, times), judged.additions)
}

/** What was judged, and by what. */
export interface BudgetJudgement {
  readonly results: readonly BudgetResult[]
  readonly budgets: Budgets['files']
  readonly inputs: readonly Measurements[]
  readonly baselines: readonly Measurements[]
  readonly notes: readonly string[]
  readonly additions: readonly Addition[]
}

/** `doing` says what it is at, for whoever interrupts it. */
async function judge(context: BudgetContext, rooms: BudgetRooms, doing: { now: string }): Promise<BudgetJudgement> {
  const { host, flags } = context
  const { files, notes } = await rooms.openBudgets(context)
  const lines = linesOf(files, flags.only, { cwd: host.cwd, top: await topFolder(context) })
  // What is named wrongly is said before anything is measured for minutes.
  const choice = choiceFor(lines)
  const { given, addition: found } = await gather(context, lines, choice)
  const { baselines, ...earlier } = await openBaselines(context, files, choice, given)
  doing.now = 'Lighthouse ran'
  const pages = await measurePages(context, choice)
  doing.now = 'this machine was measured'
  const machine = flags.machine ? await measureMachine(host) : null
  doing.now = 'it was measured'

  const build = rooms.build(context)
  const own = [given, pages, machine === null ? [] : [machine]]
  const first = await measureAll(lines, { tiers: own, build })
  const { instance, ...asked } = await instanceFor(context, first)
  const measured = instance === null ? first : await measureAll(lines, { tiers: [given, pages, [instance], ...own.slice(2)], build }, first)
  const inputs = [...given, ...pages, ...(instance === null ? [] : [instance]), ...(machine === null ? [] : [machine])]
  const results = measured.flatMap(({ line, list }) => list.map((each) => judgeLine(line, explained(line, each, inputs), baselineOf(line, each, list.length === 1, baselines), isNewSince(line, each, list.length === 1, baselines))))
  return { results, budgets: files, inputs, baselines, notes: [...notes, ...earlier.notes], additions: [earlier.addition, found, asked.addition] }
}

interface Earlier {
  readonly baselines: readonly Measurements[]
  readonly notes: readonly string[]
  /** What there is to say of kept runs. */
  readonly addition: Addition
}

/** Earlier results: those that flags name, else those that the budgets name, as far as they are there yet. */
async function openBaselines(context: BudgetContext, files: Budgets['files'], choice: ReturnType<typeof choiceFor>, given: readonly Measurements[]): Promise<Earlier> {
  const { host, flags } = context
  refuseLostFlags(flags)
  if (flags.against !== undefined && flags.baseline) throw usage('--against and --baseline both name what to compare with', 'give one of them')
  if (flags.against !== undefined) return keptBaselines(context, flags.against, given)
  if (flags.baseline) return { baselines: await readInputs(host, flags.baseline, choice), notes: [], addition: {} }
  const named = [...new Set(files.flatMap(({ baseline }) => baseline ?? []))]
  const there = await Promise.all(named.map((name) => host.files.exists(name)))
  return {
    baselines: await readInputs(host, named.filter((_, index) => there[index]), choice),
    notes: named.filter((_, index) => !there[index]).map((name) => `the budget's baseline ${name} is not there yet: --output json=${name} writes it`),
    addition: {},
  }
}

/** A budget's own result, of which runs are kept whatever it judged. */
const OWN_RESULT: Measurements = { file: 'the budget', format: 'medianest-budget', surroundings: { cpu: null, cores: null, memoryBytes: null, os: null, tool: null, plan: null }, takenAt: null, series: [], notes: [] }

/** What is kept of a branch: results of budgets, else of what was given. */
async function keptBaselines({ host, config, flags }: BudgetContext, branch: string, given: readonly Measurements[]): Promise<Earlier> {
  const { readAgainst } = await import('./compare-against.ts')
  const asked = { branch, dir: flags.baselineDir, name: flags.baselineName, frozen: flags.frozen, maxAgeMs: flags.maxAge }
  const own = await readAgainst(host, config, asked, [OWN_RESULT])
  const { base, addition } = own.base !== null || given.length === 0 ? own : await readAgainst(host, config, asked, given)
  return { baselines: base === null ? [] : [base.measured], notes: [], addition }
}

/** The results that were given; the reports that lhci left here where pages are judged and none is given. */
async function gather({ host, arguments: names, flags }: BudgetContext, lines: readonly BudgetLine[], choice: ReturnType<typeof choiceFor>): Promise<{ readonly given: readonly Measurements[]; readonly addition: Addition }> {
  const given = await readInputs(host, names, choice)
  const isOfPages = lines.some(({ section, subjects }) => ['lighthouse', 'timing', 'resources'].includes(section) && subjects.some(({ kind }) => kind === 'series'))
  if (!isOfPages || flags.lighthouse !== undefined || given.some(({ format }) => format === 'lighthouse')) return { given, addition: {} }
  const { list, addition } = await lhciReports(host, choice)
  return { given: [...given, ...list], addition }
}

interface LineMeasured {
  readonly line: BudgetLine
  readonly list: Awaited<ReturnType<typeof measureLine>>
}

/** Measures every line, or again those that nothing given could tell, or not as well. */
async function measureAll(lines: readonly BudgetLine[], sources: BudgetSources, before?: readonly LineMeasured[]): Promise<LineMeasured[]> {
  const all: LineMeasured[] = []
  for (const [index, line] of lines.entries()) {
    const known = before?.[index]
    all.push(known && !known.list.every(isNotGiven) && !isForUsers(known) ? known : { line, list: await measureLine(line, sources) })
  }
  return all
}

/** An instance is asked when a flag names it, or when it may tell what is not known otherwise. */
async function instanceFor(context: BudgetContext, measured: readonly LineMeasured[]): Promise<{ readonly instance: Measurements | null; readonly addition: Addition }> {
  const isWanted = measured.some(({ line, list }) => list.every(isNotGiven) && asksSystem(line))
  if (!isWanted && !context.global.namesInstance) return { instance: null, addition: {} }
  try {
    return { instance: await askInstance(context, { users: measured.some(isForUsers) }), addition: {} }
  } catch (error) {
    // It answers, and has none of this: what other sources tell is judged all the same.
    if (!(error instanceof UserError) || error.code !== 'NOT_OFFERED') throw error
    return { instance: null, addition: { findings: [{ id: 'instance:nothing', verdict: 'unknown', title: error.message, hint: error.hint }] } }
  }
}

/** Whether real users' browsers are to be asked of a line: where nothing else tells it, or only what stands in for them. */
function isForUsers({ line, list }: LineMeasured): boolean {
  return asksUsers(line, { first: !list.every(isNotGiven) })
}

async function update(context: BudgetContext, results: readonly BudgetResult[]): Promise<readonly string[]> {
  const { updateBudget } = await import('./budget-update.ts')
  return updateBudget(context, results)
}

/** A word that is no file and like a word of ours was hardly meant as a file. */
async function refuseWord({ host, arguments: [word = ''] }: BudgetContext): Promise<void> {
  if (!/^[a-z][a-z-]+$/i.test(word) || (await host.files.exists(word))) return
  const { nearest } = await import('../model/nearest.ts')
  const { BUDGET_FLAGS: flags } = await import('./budget.ts')
  const ways = new Map([['init', 'init'], ...Object.values(flags).map(({ notation }) => /--([a-z-]+)/.exec(notation)?.[1] ?? '').map((name) => [name, `--${name}`] as const)])
  const meant = ways.get(nearest(word, ways.keys()) ?? '')
  if (meant !== undefined) throw usage(`there is no file ${plain(word, 80)} to be judged`, `did you mean medianest-perf budget ${meant}?`)
}

async function expectFiles({ host }: BudgetContext, names: readonly string[]): Promise<void> {
  for (const name of names) {
    if (!(await host.files.exists(name))) throw new UserError({ code: 'CANNOT_READ', kind: 'input', message: `${plain(name, 300)} cannot be read: there is no such file`, hint: 'budget init takes files of results; --budget FILE says where it writes' })
  }
}

function usage(message: string, hint: string): UserError {
  return new UserError({ code: 'USAGE', kind: 'usage', message, hint })
}
