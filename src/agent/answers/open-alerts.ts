import { type Caller, seesAll } from '../../contract/instance.ts'
import type { OpenAlert } from '../alert-watch.ts'
import type { Agent } from '../agent.ts'

/** What everybody may be told is too full. */
const FOR_ALL: ReadonlySet<string> = new Set(['cpu.usage', 'memory.usage'])

/** What is wrong now, as far as somebody may know it. */
export function alertsFor({ alerts }: Pick<Agent, 'alerts'>, caller: Pick<Caller, 'role'>): readonly OpenAlert[] {
  return alerts.open().filter(({ metric }) => mayKnow(caller, metric))
}

/** Whether somebody is told of alerts of a metric: texts of the others name disks, file systems and interfaces. */
export function mayKnow(caller: Pick<Caller, 'role'>, metric: string): boolean {
  return seesAll(caller) || FOR_ALL.has(metric)
}
