import type { Recorder } from '../load/recorder.ts'
import type { Window } from '../load/timeline.ts'
import type { Plan } from '../model/plan.ts'
import { report, type Report } from '../model/report.ts'

/** One window of a run that goes on, for those who follow a stream. */
export function interimReport(plan: Plan, window: Window, recorder: Recorder, startedAt: Date, now: Date): Report {
  return report({
    command: 'load', title: `load test "${plan.name}"`, interim: true, startedAt, finishedAt: now,
    data: { window, totalRequests: recorder.requests, failedRequests: recorder.failed },
  })
}
