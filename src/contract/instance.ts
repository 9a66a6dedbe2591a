import type * as z from 'zod/mini'
import type { Role } from '../serve-schema/schema.ts'
import type { ENDPOINTS, EndpointName } from './endpoints.ts'
import type { alertSchema } from './answers/alert.ts'

type Frozen<T> = T extends readonly (infer Item)[] ? readonly Frozen<Item>[] : T extends object ? { readonly [Key in keyof T]: Frozen<T[Key]> } : T
type Out<T> = T extends z.ZodMiniType ? Frozen<z.output<T>> : null

/** What a question is asked with, all of it checked. */
export interface Question<E extends EndpointName> {
  readonly query: Out<(typeof ENDPOINTS)[E]['query']>
  readonly params: Out<(typeof ENDPOINTS)[E]['params']>
  readonly body: Out<(typeof ENDPOINTS)[E]['body']>
}

/** What is answered: the documented data, what is said about it, and what is wrong right now. */
export interface Answer<E extends EndpointName> {
  readonly data: Out<(typeof ENDPOINTS)[E]['answer']>
  readonly meta?: Out<(typeof ENDPOINTS)[E]['meta']>
  readonly alerts?: readonly Frozen<z.output<typeof alertSchema>>[]
}

/** Who asks. */
export interface Caller {
  /** Of a token its name, of a JWT its subject, of an address without a token that address: never a secret. */
  readonly id: string
  /** `reader` is somebody on this machine without a token: may read all, and change nothing. */
  readonly role: Role | 'reader'
  /** What the browser says it is; null where nothing is said. */
  readonly userAgent: string | null
}

/** Who asks, and until when an answer is wanted. */
export interface Asker {
  readonly caller: Caller
  readonly signal: AbortSignal
}

/** A system that answers the questions of the Performance API: this machine, or one somewhere else. */
export interface Instance {
  /** Short, for titles: a host name or an address. */
  readonly name: string
  /** Answers a question. Throws `ApiError` for what it cannot answer; a remote one UserError for an instance that cannot be reached or understood, `NOT_OFFERED` where it does not know the question. */
  ask<E extends EndpointName>(endpoint: E, question: Question<E>, asker: Asker): Promise<Answer<E>>
  close(): Promise<void>
}

/** One handler for each question. */
export type Handlers = { readonly [E in EndpointName]: (question: Question<E>, asker: Asker) => Promise<Answer<E>> | Answer<E> }

/** Whether somebody is told what is for administrators only. */
export function seesAll({ role }: Pick<Caller, 'role'>): boolean {
  return role === 'admin' || role === 'reader'
}
