import type { Check } from '../../src/health/check.ts'
import type { RunOptions } from '../../src/health/run.ts'
import type { Outcome } from '../../src/model/health.ts'
import type { Verdict } from '../../src/model/verdict.ts'

/** An outcome with nothing in it but what is given. */
export function found(verdict: Verdict, message = `it is ${verdict}`, more: Partial<Outcome> = {}): Outcome {
  return { verdict, message, measures: [], details: {}, ...more }
}

/** A check that finds this, or does that. */
export function check(name: string, look: Verdict | Check['look'], parts: Partial<Check> = {}): Check {
  return {
    name, type: 'http', component: 'services', isOptional: false, isExternal: false, timeoutMs: 5_000, retries: 0, pauseMs: 1, dependsOn: [], isPreset: false,
    look: typeof look === 'string' ? () => Promise.resolve(found(look)) : look,
    ...parts,
  }
}

/** Never answers, whatever its signal says. */
export function deaf(): Promise<never> {
  return new Promise(() => undefined)
}

/** What a run is given where a test says nothing. */
export function options(parts: Partial<RunOptions> = {}): RunOptions {
  return { world: { now: () => performance.now(), wallTime: () => new Date('2026-11-21T12:00:00Z') }, windows: [], signal: new AbortController().signal, timeoutMs: 20_000, timezone: 'UTC', ...parts }
}
