import { time, type Metric } from './metric-kind.ts'

/** What browsers of real users say of the pages they show; the names of the first six are those of Web Vitals (https://web.dev/articles/vitals). */
export const WEB_METRICS = {
  'web.lcp': time('Time until the largest piece of a page was painted, of real users.', 'lcp', 'LCP'),
  'web.fid': time('Time from a user\'s first input until the page began to act on it.', 'fid', 'FID'),
  'web.inp': time('Time from an input until the next frame was painted, the worst of a visit, of real users.', 'inp', 'INP'),
  'web.cls': { ...time('How much a page moved under its reader, of real users: a score without unit.', 'cls', 'CLS'), unit: 'count' },
  'web.fcp': time('Time until a page painted anything, of real users.', 'fcp', 'FCP'),
  'web.ttfb': time('Time until the first byte of a page came, of real users.', 'TTFB'),
  'web.tti': time('Time until a page answered inputs without delay, of real users.', 'tti', 'TTI'),
  'web.load': time('Time until a page was loaded with all it names, of real users.', 'page_load_time', 'pageLoadTime'),
  'web.media.load': time('Time until a picture, film or piece of music could be seen or heard, of real users.', 'media_load_time', 'mediaLoadTime'),
} as const satisfies Readonly<Record<string, Metric>>

/** A name of what browsers of real users say. */
export type WebMetricName = keyof typeof WEB_METRICS

/** Whether a metric is told by browsers of real users. */
export function isWebMetric(name: string): name is WebMetricName {
  return Object.hasOwn(WEB_METRICS, name)
}

/** One value that one user's browser told. */
export interface WebValue {
  readonly metric: WebMetricName
  /** The page's path; empty where it is not told. Untrusted. */
  readonly page: string
  /** Milliseconds; of `web.cls` the score. */
  readonly value: number
}

/** What an instance keeps of its users' browsers. */
export interface UserMetrics {
  readonly values: readonly WebValue[]
  /** How many rows there are, and how many of them were read. */
  readonly rows: { readonly told: number; readonly read: number }
  /** How many rows have a name of ours and no value that can be read. */
  readonly unreadable: number
  /** Of which kinds the other rows are, a few of them. Untrusted. */
  readonly strangers: readonly string[]
  /** How many browsers or users told them; 0 where none is named. */
  readonly clients: number
}
