import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import type { BudgetFile, BudgetReading } from '../budget/budget-format.ts'
import type { BudgetLine, BudgetSection } from '../model/budget.ts'
import { UserError } from '../model/error.ts'
import { plain, plural } from '../model/text.ts'
import type { BudgetContext } from './budget-run.ts'
import { readProblem } from './read-problem.ts'

/** The budgets of a run. */
export interface Budgets {
  readonly files: readonly BudgetFile[]
  /** What the reader should know: which files were found, what their own tools would do otherwise. */
  readonly notes: readonly string[]
}

/**
 * The budgets that are meant: those that flags name, else those of the configuration, else every file of a usual name in the working directory.
 * Throws UserError `NO_BUDGET`, `CANNOT_READ`, and what presets and readers throw.
 */
export async function openBudgets({ host, flags, config }: Pick<BudgetContext, 'host' | 'flags' | 'config'>): Promise<Budgets> {
  const presets = await Promise.all((flags.preset ?? []).flatMap((names) => names.split(',')).map((name) => preset(host, name.trim())))
  const named = await Promise.all((flags.budget ?? []).map((file) => readNamed(host, file)))
  if (presets.length + named.length > 0) return withNotes([...named, ...presets], [], flags.only)
  const configured = await configuredBudgets({ host, config })
  if (configured !== null) return withNotes(configured, [], flags.only)
  const { found, notes } = await lookAround(host)
  if (found.length === 0) throw await noBudget(notes)
  return withNotes(found, [`no budget was named: judged by ${found.map(({ file }) => file).join(', ')}, found here`, ...notes], flags.only)
}

/**
 * The lines of budgets, of some sections or of all. An id is the same whichever other budgets there are and wherever the program is started, for baselines are kept by it: it
 * begins with the folder of its budget, from `top`. Throws UserError `USAGE` for a budget that is named twice.
 */
export function linesOf(files: readonly BudgetFile[], only: readonly BudgetSection[] | undefined, { cwd, top }: Place): BudgetLine[] {
  const names = files.map(({ file, isPreset }) => (isPreset ? file : resolve(cwd, file)))
  const twice = files.find((_, at) => names.indexOf(names[at] ?? '') < at)
  if (twice) throw new UserError({ code: 'USAGE', kind: 'usage', message: `${twice.file} is named twice`, hint: 'name each budget once' })
  const all = files.flatMap((file) => file.lines.map((line) => ({ file, line, id: `${folderOf(file, cwd, top)}${line.id}` }))).filter(({ line }) => only?.includes(line.section) ?? true)
  return all.map(({ file, line, id }) => {
    const named = all.some((other) => other.id === id && other.file !== file) ? `${id} (${basename(file.file)})` : id
    const title = all.some((other) => other.line.title === line.title && other.file !== file) ? `${line.title} (${file.file})` : line.title
    return { ...line, id: named, title }
  })
}

/** Where the program runs, and what ids of lines begin from. */
interface Place {
  readonly cwd: string
  readonly top: string
}

function folderOf({ file, isPreset }: BudgetFile, cwd: string, top: string): string {
  const folder = isPreset ? '' : relative(top, dirname(resolve(cwd, file))).replaceAll(sep, '/')
  return folder === '' || folder.startsWith('..') ? '' : `${folder}/`
}

/** The folder of the repository, else of the configuration, else this one. */
export async function topFolder({ host, config }: Pick<BudgetContext, 'host' | 'config'>): Promise<string> {
  for (let folder = host.cwd; ; folder = dirname(folder)) {
    if (await host.files.exists(join(folder, '.git'))) return folder
    if (folder === dirname(folder)) return config.folder ?? host.cwd
  }
}

function withNotes(files: readonly BudgetFile[], notes: readonly string[], only: readonly BudgetSection[] | undefined): Budgets {
  const all = files.flatMap(({ lines }) => lines)
  const others = all.filter(({ section }) => only?.includes(section) === false).length
  return { files, notes: [...(others > 0 && others < all.length ? [`${plural(others, 'line')} of other parts than ${only?.join(', ') ?? ''} ${others === 1 ? 'is' : 'are'} not judged`] : []), ...notes, ...files.flatMap((each) => each.notes.map((note) => `${plain(each.file, 300)}: ${note}`))] }
}

type BudgetHost = BudgetContext['host']

/** What the configuration says of budgets; null where it is silent. */
async function configuredBudgets({ host, config }: Pick<BudgetContext, 'host' | 'config'>): Promise<readonly BudgetFile[] | null> {
  const { budgets } = config
  if (budgets === null) return null
  if (budgets.kind === 'files') return Promise.all(budgets.files.map((file) => readNamed(host, file)))
  const { document, folder } = budgets
  const { readBudgetDocument } = await import('../budget/read-budget.ts')
  return [await readBudgetDocument(document, { file: document.file, folder, read: (path) => textOf(host, host.files.resolve(folder, path)) })]
}

async function preset(host: BudgetHost, name: string): Promise<BudgetFile> {
  const { budgetPreset } = await import('../budget/presets.ts')
  return { file: `preset ${name}`, format: 'medianest', isPreset: true, lines: budgetPreset(name, host.cwd), notes: [] }
}

async function readNamed(host: BudgetHost, file: string): Promise<BudgetFile> {
  const { readBudgetFile } = await import('../budget/read-budget.ts')
  return readBudgetFile(plain(file, 300), await textOf(host, file), readingOf(host, file))
}

/** Every budget of a usual name; programs among them are not run, and said. */
async function lookAround(host: BudgetHost): Promise<{ readonly found: readonly BudgetFile[]; readonly notes: readonly string[] }> {
  const { budgetFileNames, isBudgetScript, recogniseBudgetFile } = await import('../budget/read-budget.ts')
  const names = budgetFileNames()
  const there = await Promise.all(names.map((name) => host.files.exists(name)))
  const here = names.filter((_, index) => there[index])
  const read = await Promise.all(here.filter((name) => !isBudgetScript(name)).map(async (name) => recogniseBudgetFile(name, await textOf(host, name), readingOf(host, name))))
  // Every project has a package.json.
  const foreign = here.filter((name) => !isBudgetScript(name)).filter((name, index) => read[index] === null && name !== 'package.json')
  return { found: read.filter((file) => file !== null), notes: [...foreign.map((name) => `${name} is no budget that is known here, and is not judged`), ...here.filter(isBudgetScript).map((name) => `${name} is a program and is not run: what it says is not judged; write it as JSON`)] }
}

async function noBudget(notes: readonly string[]): Promise<UserError> {
  const [{ budgetFileNames, isBudgetScript }, { BUDGET_PRESETS }] = await Promise.all([import('../budget/read-budget.ts'), import('../budget/presets.ts')])
  return new UserError({
    code: 'NO_BUDGET', kind: 'usage',
    message: `there is no budget: none is named, none is in the configuration, and none of ${budgetFileNames().filter((name) => !isBudgetScript(name)).join(', ')} is here${notes.map((note) => ` (${note})`).join('')}`,
    hint: `write one from what is there with medianest-perf budget init, name one with --budget FILE, or take one of MediaNest's documents with --preset (${BUDGET_PRESETS.map(({ name }) => name).join(', ')})`,
  })
}

function readingOf(host: BudgetHost, file: string): BudgetReading {
  const folder = host.files.resolve(file, '..')
  return { file: plain(file, 300), folder, read: (path) => textOf(host, host.files.resolve(folder, path)) }
}

async function textOf({ files }: BudgetHost, file: string): Promise<string> {
  return files.read(file).catch((error: NodeJS.ErrnoException) => {
    throw new UserError({ code: 'CANNOT_READ', kind: 'input', message: `the budget ${plain(file, 300)} cannot be read: ${readProblem(error)}`, hint: 'see that the name is right' })
  })
}
