import type { Answer, Asker, Question } from '../contract/instance.ts'
import type { LoadTestEvent } from '../contract/resident.ts'

/** Load tests that an instance runs. Whatever is not known throws `ApiError` `NOT_FOUND`. */
export interface LoadTests {
  /** Begins a load test. Throws `ApiError` for a target that is not allowed, or when there is no room for another. */
  start(body: Question<'loadTest'>['body'], asker: Asker): Promise<Answer<'loadTest'>>
  /** What it found, or how far it is. */
  results(testId: string, isDetailed: boolean): Promise<Answer<'loadTestResults'>> | Answer<'loadTestResults'>
  /** Ends it; what it found so far is kept. */
  stop(testId: string): Promise<Answer<'stopLoadTest'>>
  /** Its events from now to its end. */
  follow(testId: string, signal: AbortSignal): AsyncIterable<LoadTestEvent>
  /** Its results as a document; `CONFLICT` while it runs. */
  document(testId: string, format: 'html' | 'pdf', isDetailed: boolean): Promise<{ readonly type: string; readonly body: string | Uint8Array }>
  /** Ends those that run. */
  close(): Promise<void>
}
