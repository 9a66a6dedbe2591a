import type { Verdict } from '../model/verdict.ts'

/** What a word of health says: a verdict, or that there is nothing to be well or unwell. */
export type WordMeaning = Verdict | 'absent'

const MEANINGS: Readonly<Record<WordMeaning, string>> = {
  ok: 'healthy, ok, okay, up, pass, passed, passing, success, good, very good, excellent, optimal, fine, normal, nominal, stable, green, online, available, operational, running, active, alive, live, ready, connected, reachable',
  warn: 'warning, warn, degraded, degraded performance, partial, partial outage, impaired, fair, at risk, slow, yellow, amber',
  fail: 'critical, unhealthy, fail, failed, failing, failure, error, errored, down, out of service, outage, major outage, poor, bad, very bad, red, offline, unavailable, unreachable, disconnected, not connected, stopped, dead, fatal, emergency, broken, timeout, timed out',
  unknown: 'unknown, pending, starting, initializing, checking, undetermined',
  absent: 'disabled, not configured, unconfigured, not applicable, n/a, off',
}
const BY_WORD: ReadonlyMap<string, WordMeaning> = new Map((Object.entries(MEANINGS) as [WordMeaning, string][]).flatMap(([meaning, words]) => words.split(', ').map((word) => [word, meaning])))

/**
 * What a word for a state means, whoever says it: the documented words, those of sibling systems (`good`, `fair`, `poor`), Spring's (`UP`, `OUT_OF_SERVICE`) and the
 * health draft's (draft-inadarei-api-health-check: `pass`, `warn`, `fail`). Any other word is `unknown`.
 */
export function meaningOf(word: unknown): WordMeaning {
  if (typeof word === 'boolean') return word ? 'ok' : 'fail'
  return (typeof word === 'string' && word.length < 60 && BY_WORD.get(word.trim().toLowerCase().replace(/[_\s-]+/g, ' '))) || 'unknown'
}

/** Whether a word is known to tell a state. */
export function isHealthWord(word: unknown): boolean {
  return meaningOf(word) !== 'unknown' || /^\s*unknown\s*$/i.test(String(word))
}
