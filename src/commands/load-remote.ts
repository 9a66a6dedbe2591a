import type { Answer } from '../contract/instance.ts'
import type { LoadTestEvent } from '../contract/resident.ts'
import { UserError } from '../model/error.ts'
import type { Plan } from '../model/plan.ts'
import type { LoadProgress, ProgressView } from '../model/progress.ts'
import { report, type Report } from '../model/report.ts'
import { noInstance, openAsked, type AskedInstance } from './asked-instance.ts'
import type { Context } from './command.ts'
import type { LOAD_FLAGS } from './load.ts'
import { readLoadPlan } from './load-plan.ts'
import { judgeRemote } from './load-remote-judge.ts'
import { remoteReport, wholeReport, type RemoteOutcome } from './load-remote-report.ts'
import { runOfResults } from './load-remote-run.ts'

type LoadContext = Context<typeof LOAD_FLAGS>
type Results = Answer<'loadTestResults'>['data']

/** What decides how this machine would send, which it does not. */
const LOCAL_FLAGS = ['engine', 'atCap', 'allowDropped', 'insecure', 'seed'] as const
/** Stands in where neither the file nor --target names a server: the instance has one. */
const NOWHERE = 'http://the-target-of-the-instance.invalid'
const POLL_MS = 2_000
/** An instance that does not end a test is not waited for longer beyond the time it planned. */
const LATE_MS = 60_000
/** For ending a test after Ctrl-C, and asking what it found. */
const LAST_MS = 15_000

/** Has an instance run a load test, follows it, and yields what it found. Throws UserError. */
export async function* runRemoteLoad(context: LoadContext): AsyncGenerator<Report> {
  const { host, flags } = context
  const stray = LOCAL_FLAGS.find((name) => flags[name] !== undefined)
  if (stray !== undefined) throw new UserError({ code: 'USAGE', kind: 'usage', message: `--${stray.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} means nothing with --remote: the instance sends the requests, as it does`, hint: 'leave it out' })
  const { plan, target } = await remotePlan(context)
  const { apiBody, unsaidNotes } = await import('../load/api-body.ts')
  const body = apiBody(plan, target)
  const { planHash } = await import('../load/read/hash.ts')
  if (flags.dryRun) {
    const startedAt = host.wallTime()
    yield report({ command: 'load', title: `load test "${plan.name}" as an instance would be told it`, data: { ...body }, text: `${JSON.stringify(body, null, 2)}\n`, startedAt, finishedAt: startedAt })
    return
  }
  const asked = await openAsked(context)
  if (asked === null) throw noInstance('load --remote has an instance run the test, and none is named')
  if (flags.save !== undefined) await host.files.expectWritable(flags.save)
  const view = await context.openProgress()
  try {
    const startedAt = host.wallTime()
    // Ctrl-C while this is on its way must not leave a test behind that nobody knows the name of.
    const { data: begun } = await asked.ask('loadTest', { body }, host.interrupts.stop)
    view.show(progressOf(plan, begun.targetUrl, begun.progress, begun.estimatedDuration))
    const results = await follow(context, asked, plan, begun, view)
    const interrupted = host.interrupts.drain.aborted ? (host.interrupts.drain.reason as 'SIGINT' | 'SIGTERM') : undefined // The reason is the signal's name.
    const judged = judgeRemote(plan, results)
    const outcome: RemoteOutcome = { plan, planHash: planHash(plan), target: begun.targetUrl, instance: asked.name, judged, startedAt, finishedAt: host.wallTime(), saved: flags.save, notes: [...plan.notes, ...unsaidNotes(plan)], interrupted }
    const run = runOfResults(results, { ...outcome, isInterrupted: interrupted !== undefined })
    if (flags.save !== undefined) await host.files.write(flags.save, `${JSON.stringify(run ?? results, null, 2)}\n`)
    yield run ? wholeReport(run, results, outcome) : remoteReport(results, outcome)
  } finally {
    await asked.close()
  }
}

/** The plan, and where it is to be sent; null for the target that the instance has. */
async function remotePlan(context: LoadContext): Promise<{ readonly plan: Plan; readonly target: string | null }> {
  const plan = await readLoadPlan(context).catch((error: unknown) => {
    if (!(error instanceof UserError) || error.code !== 'NO_TARGET') throw error
    return readLoadPlan({ ...context, flags: { ...context.flags, target: NOWHERE } })
  })
  if (plan.target === 'demo') throw new UserError({ code: 'NOT_REMOTE', kind: 'usage', message: 'the scenario\'s target is the demo, which would run here and not where the instance is', hint: 'name a server that the instance allows with --target' })
  return { plan, target: plan.target === NOWHERE ? null : plan.target }
}

type Begun = Answer<'loadTest'>['data']

/** Waits for the end of a test: by its stream, else by asking. Ctrl-C ends it over there, and what it found so far is asked for. */
async function follow({ host }: LoadContext, asked: AskedInstance, plan: Plan, begun: Begun, view: ProgressView): Promise<Results> {
  const { drain } = host.interrupts
  const over = new AbortController()
  const endsAt = host.now() + begun.estimatedDuration * 1_000 + LATE_MS
  const late = setTimeout(() => over.abort(), begun.estimatedDuration * 1_000 + LATE_MS)
  const signal = AbortSignal.any([drain, over.signal])
  const question = { params: { testId: begun.testId }, query: { detailed: 'true' } }
  const show = (progress: LoadTestEvent & { type: 'progress' } | { readonly progress: Begun['progress'] }): void => view.show(progressOf(plan, begun.targetUrl, progress.progress, begun.estimatedDuration))
  try {
    const hasEnded = await watch(asked, begun.testId, signal, show)
    for (let patience = 3; ; ) {
      if (drain.aborted || host.now() > endsAt) break
      const told = await asked.ask('loadTestResults', question).catch((error: unknown) => {
        // One lost answer is no lost test; after several it is said.
        if (drain.aborted || (error instanceof UserError && error.kind === 'unreachable' && --patience > 0)) return undefined
        throw error instanceof UserError ? lostTest(error, asked.name, begun.testId) : error
      })
      if (told && told.data.status !== 'running') return told.data
      if (told?.data.progress) show({ progress: told.data.progress })
      await pause(hasEnded ? POLL_MS / 10 : POLL_MS, drain)
    }
  } finally {
    clearTimeout(late)
  }
  const last = AbortSignal.timeout(LAST_MS)
  view.note(drain.aborted ? `ending the test at ${asked.name}` : `the test at ${asked.name} goes on longer than planned: ending it`)
  // One that has ended by itself meanwhile cannot be stopped, and need not be.
  await asked.ask('stopLoadTest', { params: { testId: begun.testId } }, last).catch((error: unknown) => {
    if (!(error instanceof UserError)) throw error
    if (!['CONFLICT', 'NOT_FOUND'].includes(error.code)) view.note(`the test may still run over there: ${error.message}`)
  })
  for (let tries = 0; ; tries++) {
    const { data } = await asked.ask('loadTestResults', question, last)
    if (data.status !== 'running' || tries === 10) return data
    await pause(POLL_MS / 4, host.interrupts.stop)
  }
}

/** What it means for a test that has begun when nobody tells of it any more. */
function lostTest(error: UserError, name: string, testId: string): UserError {
  if (error.code === 'NOT_FOUND') return new UserError({ code: 'LOAD_TEST_LOST', kind: 'unreachable', message: `${name} no longer knows the load test ${testId} that it had begun: it was restarted, and what was measured is lost`, hint: 'run it again', details: { testId } })
  return new UserError({ code: error.code, kind: error.kind, message: `${error.message}; the load test ${testId} had begun there, and may go on`, hint: error.hint, details: { ...error.details, testId } })
}

/** Follows the stream of a test; whether it told the end. */
async function watch(asked: AskedInstance, testId: string, signal: AbortSignal, show: (event: LoadTestEvent & { type: 'progress' }) => void): Promise<boolean> {
  try {
    for await (const event of asked.followLoadTest(testId, signal)) {
      if (event.type === 'end') return true
      show(event)
    }
  } catch (error) {
    if (!(error instanceof UserError)) throw error
  }
  return false
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', () => (clearTimeout(timer), done()), { once: true })
  })
}

/** The instance's own words about its progress as the live view shows them; what it does not tell is not shown. */
function progressOf(plan: Plan, target: string, told: Begun['progress'], totalSeconds: number): LoadProgress {
  const segments = plan.workloads[0]?.model === 'open' ? plan.workloads[0].segments : []
  const failed = Math.round((told.completedRequests * (told.errorRate ?? 0)) / 100)
  return {
    name: plan.name, target, state: 'running', elapsedMs: told.elapsed * 1_000, totalMs: totalSeconds * 1_000,
    phase: told.phase === null ? null : { name: told.phaseName ?? segments[told.phase - 1]?.name ?? '', index: Math.max(1, told.phase), of: Math.max(told.phase, segments.length), endsInMs: null },
    askedRate: null, startedRate: null, askedUsers: null, reachedRate: told.requestRate ?? 0, users: null, requests: told.completedRequests, failed, late: 0, dropped: 0, waiting: 0,
    now: null, soFar: null, errors: [], history: [], crossed: [], generatorCpu: 0,
  }
}
