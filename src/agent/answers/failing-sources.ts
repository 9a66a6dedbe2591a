import { type Caller, seesAll } from '../../contract/instance.ts'
import type { Source } from '../../model/source.ts'
import { plain } from '../../model/text.ts'
import type { Agent } from '../agent.ts'
import { healthOf } from '../collected-source.ts'

/** A source that failed again and again, as something that could be better. */
export interface FailingSource {
  /** `source:redis`. */
  readonly id: string
  readonly severity: 'medium'
  readonly source: Pick<Source, 'id' | 'kind'>
  readonly title: string
  readonly advice: string
}

/** The sources that are unhealthy; why, and what to do about it, is for who sees all. */
export function failingSources({ collector }: Pick<Agent, 'collector'>, caller: Caller): readonly FailingSource[] {
  return collector.states.filter((state) => healthOf(state) === 'unhealthy').map(({ source: { id, name, kind }, problem, hint }) => {
    const why = seesAll(caller) ? { problem, hint } : { problem: null, hint: null }
    return {
      id: `source:${plain(id, 200)}`, severity: 'medium', source: { id: plain(id, 200), kind },
      title: `the source ${plain(name, 100)} fails, so nothing is known of it${why.problem === null ? '' : ` (${plain(why.problem, 400)})`}`,
      advice: why.hint === null ? 'see that what it asks is running and can be reached' : plain(why.hint, 300),
    }
  })
}
