import { readAmount, type Amount } from '../budget-schema/amount.ts'
import { readDocument } from '../document.ts'
import type { BudgetLine, BudgetResult } from '../model/budget.ts'
import { UserError } from '../model/error.ts'
import { plain } from '../model/text.ts'
import { DEFAULT_MARGIN, ratchet } from '../budget/ratchet.ts'
import { tightened } from '../budget/tighten.ts'

/** What an update needs of its command. */
export interface UpdateContext {
  readonly host: { readonly files: { read(path: string): Promise<string>; write(path: string, text: string): Promise<void> } }
  /** `margin` is a share; the file's own, else 10 %, where it is not given. */
  readonly flags: { readonly yes: boolean | undefined; readonly margin?: number | undefined }
}

/**
 * Tightens the limits in the files they were read from to what is measured now plus a margin, and returns a line for each change and for what was left; nothing is loosened without `yes`.
 * Throws UserError `BUDGET_CHANGED` where a file is no longer what was read, `CANNOT_EDIT`, `CANNOT_WRITE`; no file is written then but those before it.
 */
export async function updateBudget(context: UpdateContext, results: readonly BudgetResult[]): Promise<readonly string[]> {
  const { host, flags } = context
  const files = [...new Set(results.flatMap(({ line }) => fileOf(line) ?? []))]
  const texts = new Map<string, string>()
  for (const file of files) texts.set(file, await host.files.read(file))
  const margins = new Map([...texts].map(([file, text]) => [file, flags.margin ?? marginIn(file, text) ?? DEFAULT_MARGIN]))
  const { changes, left } = ratchet(results, { yes: flags.yes ?? false, marginFor: (line) => margins.get(fileOf(line) ?? '') ?? flags.margin ?? DEFAULT_MARGIN })

  // Each text is made before any is written: a file that cannot be changed leaves the others alone.
  const written = [...texts].flatMap(([file, text]) => {
    const own = changes.filter(({ limit, line }) => (limit.where?.file ?? fileOf(line)) === file)
    if (own.length === 0) return []
    return [{ file, before: text, after: tightened(file, text, own.map(({ limit, to }) => ({ path: limit.path ?? [], from: limit.text, to }))) }]
  })
  for (const { file, before, after } of written) {
    if ((await host.files.read(file)) !== before) {
      throw new UserError({ code: 'BUDGET_CHANGED', kind: 'input', message: `${plain(file, 300)} was changed meanwhile`, hint: 'run it once more' })
    }
    await host.files.write(file, after)
  }
  return [
    ...changes.map(({ line, limit, to, does }) => `${does === 'tighten' ? 'tightened' : 'loosened'} ${plain(line.id, 150)}: ${plain(limit.text, 80)} -> ${to}${limit.where ? ` (${plain(limit.where.file, 200)}:${limit.where.line})` : ''}`),
    ...left.map(({ line, why }) => `left ${plain(line.id, 150)} as it is: ${why}`),
    ...(changes.length === 0 ? ['nothing to tighten'] : []),
  ]
}

function fileOf(line: BudgetLine): string | undefined {
  return line.limits.find(({ path, where }) => path !== undefined && where !== undefined)?.where?.file
}

/** The room that the file says it leaves; what it is was checked when it was read. */
function marginIn(file: string, text: string): number | undefined {
  const value = readDocument(file, text).value as { readonly margin?: Amount; readonly budgets?: { readonly margin?: Amount } } | null // as it was read before
  const margin = value?.margin ?? value?.budgets?.margin
  const share = margin === undefined ? undefined : readAmount(margin, 'share')
  return share !== undefined && share >= 0 ? share : undefined
}
