import { BASE } from '../../contract/endpoints.ts'
import type { Answer, Asker } from '../../contract/instance.ts'
import type { LoadTestEvent } from '../../contract/resident.ts'
import type { Host } from '../../host.ts'
import { plain } from '../../model/text.ts'
import type { ServeFile } from '../../serve-schema/schema.ts'
import { VERSION } from '../../version.ts'
import { busy, closing, stillRunning, unknownTest } from './errors.ts'
import { startGenerator, type Ending, type Generator } from './generator.ts'
import { eventOf, progressOf, type LoadTest, type LoadTestState } from './load-test.ts'
import { orderTest, type LoadTestBody } from './test-order.ts'
import { reportOfTest } from './test-report.ts'
import { resultsOf } from './test-results.ts'

/** What load tests work with. */
export interface LoadTestOptions {
  readonly host: Pick<Host, 'spawnSelf' | 'env' | 'onExit' | 'now' | 'wallTime' | 'machine'>
  /** `serve.loadTest` of the configuration; none may be run where it is left out. */
  readonly section: ServeFile['loadTest']
}

/** The load tests that an instance runs for whoever asks; every method throws `ApiError`. */
export interface LoadTests {
  /** Begins one. Throws `FORBIDDEN`, `VALIDATION_ERROR`, then what `expectMachine` throws where the machine has no room, and `RESOURCE_EXHAUSTED` while another runs: what will never be is said before what is not yet. */
  start(body: LoadTestBody, asker: Asker, expectMachine?: () => void): Promise<Answer<'loadTest'>>
  /** Throws `NOT_FOUND`. */
  results(testId: string, isDetailed: boolean): Answer<'loadTestResults'>
  /** Ends one and waits for what it had found; one that has ended stays as it is. Throws `NOT_FOUND`. */
  stop(testId: string): Promise<Answer<'stopLoadTest'>>
  /** What happens from now to its end, which is the last event. A reader that is slow misses what was between. Throws `NOT_FOUND` at once. */
  follow(testId: string, signal: AbortSignal): AsyncIterable<LoadTestEvent>
  /** Throws `NOT_FOUND`, and `CONFLICT` while it runs. */
  document(testId: string, format: 'html' | 'pdf', isDetailed: boolean): Promise<{ readonly type: string; readonly body: string | Uint8Array }>
  /** Ends what runs. */
  close(): Promise<void>
}

/** What is kept of tests that have ended. */
const KEPT = { most: 20, forMs: 24 * 3_600_000 }
/** How long after its last phase a test may wait for its last answers, milliseconds. */
const GRACE_MS = 30_000
/** How long it may take to begin: a process starts and the generator rehearses, milliseconds. */
const BEGIN_MS = 30_000

interface Running {
  readonly test: LoadTest
  readonly generator: Generator
  readonly over: Promise<void>
  /** Asks it to end, for a reason; the first one counts. */
  end(state: LoadTestState, reason: string): void
}

/** Opens the load tests of an instance; nothing runs yet. */
export function openLoadTests({ host, section }: LoadTestOptions): LoadTests {
  const tests = new Map<string, LoadTest>()
  let running: Running | null = null
  let isClosed = false

  const find = (testId: string): LoadTest => {
    forget(tests, host.wallTime())
    const test = tests.get(testId)
    if (!test) throw unknownTest(testId)
    return test
  }
  const remaining = (test: LoadTest): number => Math.max(1, Math.ceil(progressOf(test, host.now()).remaining ?? 1))
  const expectRoom = (): void => {
    if (isClosed) throw closing()
    if (running) throw busy(running.test.order.testId, remaining(running.test))
  }

  const run = (test: LoadTest): Running => {
    let ending: { readonly state: LoadTestState; readonly reason: string } | null = null
    const changed = (): void => {
      for (const listener of test.listeners) listener()
    }
    const generator = startGenerator(host, test.order, (reading) => {
      test.reading = { ...reading, atMs: host.now() }
      changed()
    })
    const end: Running['end'] = (state, reason) => {
      ending ??= { state, reason }
      generator.stop()
    }
    const late = setTimeout(() => end('aborted', `it had not ended ${GRACE_MS / 1_000} s after its last phase`), BEGIN_MS + test.order.durationMs + GRACE_MS)
    const over = generator.ended.then((how) => {
      clearTimeout(late)
      running = null
      Object.assign(test, outcomeOf(how, ending), { completedAt: host.wallTime() })
      changed()
    })
    return { test, generator, over, end }
  }

  return {
    start: async (body, { caller }, expectMachine) => {
      const order = await orderTest(`loadtest-${crypto.randomUUID()}`, body, section)
      // Only now, for another may have begun while this one was read.
      expectRoom()
      expectMachine?.()
      const test: LoadTest = { order, startedBy: caller.id, startedAt: host.wallTime(), state: 'running', reason: null, completedAt: null, reading: null, run: null, listeners: new Set() }
      tests.set(order.testId, test)
      running = run(test)
      forget(tests, host.wallTime())
      return {
        data: {
          testId: order.testId, status: test.state, startedAt: test.startedAt.toISOString(), estimatedDuration: order.durationMs / 1_000, scenarios: order.scenarios, phases: order.phases.length,
          targetUrl: order.target, realTimeUrl: `${BASE}/load-test/${order.testId}/stream`, progress: progressOf(test, host.now()),
        },
      }
    },
    results: (testId, isDetailed) => ({ data: resultsOf(find(testId), isDetailed, host.now()) }),
    stop: async (testId) => {
      const test = find(testId)
      if (running?.test === test) {
        const last = running
        last.end('aborted', 'it was ended over the API')
        await last.over
      }
      return { data: { testId, status: test.state } }
    },
    follow: (testId, signal) => follow(find(testId), signal, host),
    document: async (testId, format, isDetailed) => {
      const test = find(testId)
      if (test.state === 'running') throw stillRunning(testId, remaining(test))
      const report = reportOfTest(test, isDetailed)
      const options = { color: false, unicode: true, columns: 100, host: host.machine.name, version: VERSION, command: 'load' }
      if (format === 'html') return { type: 'text/html; charset=utf-8', body: (await import('../../output/html.ts')).renderHtml(report, options) }
      return { type: 'application/pdf', body: await (await import('../../output/pdf.ts')).renderPdf(report, options) }
    },
    close: async () => {
      isClosed = true
      if (!running) return
      running.end('aborted', 'the instance was ended')
      await running.over
    },
  }
}

/** Drops tests that have ended and are old, or too many. */
function forget(tests: Map<string, LoadTest>, now: Date): void {
  const ended = [...tests].filter(([, { state }]) => state !== 'running')
  for (const [nth, [testId, { completedAt }]] of ended.entries()) {
    if (nth < ended.length - KEPT.most || (completedAt !== null && now.getTime() - completedAt.getTime() > KEPT.forMs)) tests.delete(testId)
  }
}

/** What a test came to: what it was ended for counts before what its run says of itself. */
function outcomeOf(how: Ending, ending: { readonly state: LoadTestState; readonly reason: string } | null): Pick<LoadTest, 'state' | 'reason' | 'run'> {
  if (ending) return { run: how.run, ...ending }
  if (!how.run) return { run: null, state: 'failed', reason: how.reason }
  const { run } = how
  if (run.status !== 'completed') return { run, state: 'aborted', reason: plain(run.reason ?? 'it was interrupted') }
  const isUnanswered = run.summary.totalRequests > 0 && Object.keys(run.statusCodes).length === 0
  if (isUnanswered) return { run, state: 'failed', reason: plain(`nothing answered at ${run.target}${run.errors[0] ? `: ${run.errors[0].message}` : ''}`) }
  return { run, state: 'completed', reason: null }
}

async function* follow(test: LoadTest, signal: AbortSignal, { now, wallTime }: Pick<Host, 'now' | 'wallTime'>): AsyncGenerator<LoadTestEvent> {
  let wake: () => void = () => undefined
  let isNew = true
  const listener = (): void => {
    isNew = true
    wake()
  }
  test.listeners.add(listener)
  signal.addEventListener('abort', listener)
  try {
    while (!signal.aborted) {
      if (!isNew) await new Promise<void>((done) => (wake = done))
      isNew = false
      if (signal.aborted) return
      yield eventOf(test, 'progress', now(), wallTime())
      if (test.state === 'running') continue
      yield eventOf(test, 'end', now(), wallTime())
      return
    }
  } finally {
    test.listeners.delete(listener)
    signal.removeEventListener('abort', listener)
  }
}
