import type { Json } from '../../model/plan.ts'
import type { PayloadOptions } from './payload.ts'

/** What a dialect's reader is told besides the document. */
export interface DialectOptions {
  /** What the test is called when the file does not say. */
  readonly name: string
  /** `--target`. */
  readonly target: string | undefined
  /** `--variables`. */
  readonly variables: Readonly<Record<string, Json>> | undefined
  readonly payload: PayloadOptions
  /** Whether environment variables have been filled in. */
  readonly filled: boolean
}
