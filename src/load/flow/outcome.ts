import type { Json } from '../../model/plan.ts'
import type { Exchange } from '../exchange.ts'
import type { FlowRecorder, RequestOutcome } from './recorder.ts'
import { createReply, type Reply } from './reply.ts'
import type { CompiledRequest } from './request.ts'
import type { Scope } from './scope.ts'

/** A request's outcome, and whether its user goes on. */
export interface Judgement extends RequestOutcome {
  readonly endsFlow: boolean
}

/** A request that did what it should. */
export const SUCCESS: Judgement = { failed: false, reason: null, endsFlow: false }

/**
 * Judges a response, takes its captures into the scope and reports its checks.
 *
 * A request failed when no response came, when its status is 400 or more (an expectation about the status replaces this
 * rule), when a strict capture found nothing, or when an expectation did not hold. The first of these is the reason.
 * The flow ends with a connection that failed and with a strict capture that found nothing; then none of the request's
 * captures is taken. A failed expectation ends it only with `endOnFailedExpectation`: Artillery 2 goes on as well, unless
 * its expect plugin is told `reportFailuresAsErrors`. A status alone never does.
 */
export function judge(request: CompiledRequest, exchange: Exchange, dueAt: number, scope: Scope, recorder: FlowRecorder, endOnFailedExpectation: boolean): Judgement {
  const { captures, expectations, judgesStatus } = request
  if (exchange.error) return giveUp(request, exchange.error.kind, recorder)
  const badStatus = exchange.status >= 400 && !judgesStatus
  if (captures.length === 0 && expectations.length === 0) return badStatus ? failure(`status ${exchange.status}`, false) : SUCCESS

  const reply = createReply(exchange, dueAt)
  const lostCapture = takeCaptures(request, reply, scope, recorder)
  const failedExpectation = check(request, reply, scope, recorder)
  const endsFlow = lostCapture !== null || (failedExpectation !== null && endOnFailedExpectation)
  if (badStatus) return failure(`status ${exchange.status}`, endsFlow)
  if (lostCapture !== null) return failure(`capture: ${lostCapture}`, endsFlow)
  return failedExpectation === null ? SUCCESS : failure(`expectation: ${failedExpectation}`, endsFlow)
}

/** The outcome of a request that brought no response to judge: none of its expectations held, and its flow ends. */
export function giveUp(request: CompiledRequest, reason: string, recorder: FlowRecorder): Judgement {
  for (const { expectation } of request.expectations) recorder.check(request, expectation, false)
  return failure(reason, true)
}

const failure = (reason: string, endsFlow: boolean): Judgement => ({ failed: true, reason, endsFlow })

/** Takes all captures, or none when a strict one found nothing; returns that one's name. */
function takeCaptures(request: CompiledRequest, reply: Reply, scope: Scope, recorder: FlowRecorder): string | null {
  let lost: string | null = null
  const values: (Json | undefined)[] = []
  for (const each of request.captures) {
    const value = each.take(reply, scope)
    values.push(value)
    if (value !== undefined) continue
    recorder.captureFailed(request, each.capture.as, each.capture.strict)
    if (each.capture.strict) lost ??= each.capture.as
  }
  if (lost !== null) return lost
  request.captures.forEach(({ capture }, index) => {
    const value = values[index]
    // Yesterday's token must not stand in for today's.
    if (value === undefined) scope.variables.delete(capture.as)
    else scope.variables.set(capture.as, value)
  })
  return null
}

/** Reports every expectation; returns the text of the first that did not hold. */
function check(request: CompiledRequest, reply: Reply, scope: Scope, recorder: FlowRecorder): string | null {
  let failed: string | null = null
  for (const { expectation, holds } of request.expectations) {
    const held = holds(reply, scope)
    recorder.check(request, expectation, held)
    if (!held) failed ??= expectation.text
  }
  return failed
}
