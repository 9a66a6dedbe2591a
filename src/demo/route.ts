import type { User } from './library.ts'

/** A request as a route sees it. */
export interface Call {
  readonly params: Readonly<Record<string, string | undefined>>
  readonly query: Readonly<Record<string, string | string[] | undefined>>
  /** Read JSON; the number of bytes on a route that takes anything. */
  readonly body: unknown
  /** A guest (id 0) when no token came. */
  readonly user: User
  /** Adds a header to the answer. */
  header(name: string, value: string): void
}

/** One endpoint of the demo. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly url: string
  readonly about: string
  /** `needed`: 401 without one; `checked`: 401 only for a bad one; `ignored`: never looked at. */
  readonly token: 'needed' | 'checked' | 'ignored'
  /** Status of a success; 200 unless given. */
  readonly status?: 201 | 204
  /** Typical time in the pretended database, in milliseconds; such routes report `meta.dbTimeMs` and `X-Db-Time`. */
  readonly dbMs?: number
  /** Takes a body of any type up to 10 MB, counted and thrown away. */
  readonly anyBody?: true
  /** The answer's body; `success` and `meta` are added to it. Throws a Refusal. */
  handle(call: Call): object | undefined
}
