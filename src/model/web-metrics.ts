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
