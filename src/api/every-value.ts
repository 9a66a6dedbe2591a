import { UserError } from '../model/error.ts'

/** Asks our own instances for every value they know; all others take no notice of it. */
export const EVERY_VALUE = { samples: 'true' } as const

/** What a server says to a question it takes for wrong. */
const NOT_TAKEN = new Set(['VALIDATION_ERROR'])

/** Asks for every value, and once more without that of a server that does not take parameters it does not know; `remember` is told so. Throws as the question does. */
export async function withEveryValue<T>(ask: (extra: Readonly<Record<string, string>>) => Promise<T>, { isTaken = true, remember }: { readonly isTaken?: boolean; readonly remember?: () => void } = {}): Promise<T> {
  if (!isTaken) return ask({})
  try {
    return await ask(EVERY_VALUE)
  } catch (error) {
    if (!(error instanceof UserError) || !NOT_TAKEN.has(error.code)) throw error
    remember?.()
    return ask({})
  }
}
