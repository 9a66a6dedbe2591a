import type { Answer, Asker, Question } from '../contract/instance.ts'
import type { Samples } from '../model/snapshot.ts'

/** Measurements that browsers send: taken in, bounded, and summed up. */
export interface UserMetrics {
  /** Takes measurements in. */
  submit(body: Question<'submit'>['body'], asker: Asker): Answer<'submit'>['data']
  /** What browsers of this user told, or of all. */
  me(all: boolean, asker: Asker): Answer<'me'>['data']
  /** What they come to, for Prometheus and snapshots; nothing where nothing was told. */
  samples?(): Samples
}
