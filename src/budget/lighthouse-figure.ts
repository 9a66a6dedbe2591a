import type { Unit } from '../model/unit.ts'

/** A figure of a Lighthouse report and the unit it comes in. */
export interface LighthouseFigure {
  readonly metric: string
  readonly unit: Unit
}

const MILLISECONDS = `
  first-contentful-paint largest-contentful-paint first-meaningful-paint speed-index total-blocking-time max-potential-fid interactive server-response-time redirects
  mainthread-work-breakdown bootup-time uses-rel-preconnect network-rtt network-server-latency offscreen-images render-blocking-resources unminified-css unminified-javascript
  unused-css-rules unused-javascript modern-image-formats uses-optimized-images uses-text-compression uses-responsive-images efficient-animated-content duplicated-javascript
  legacy-javascript uses-http2
`
/** Units of `numericValue` in reports of Lighthouse 10 to 13. */
const UNITS = new Map<string, Unit>([
  ...MILLISECONDS.trim().split(/\s+/).map((audit): [string, Unit] => [audit, 'ms']),
  ['cumulative-layout-shift', 'count'], ['dom-size', 'count'], ['dom-size-insight', 'count'], ['installable-manifest', 'count'],
  ['total-byte-weight', 'bytes'], ['uses-long-cache-ttl', 'bytes'],
])

/** The number of an audit; of one whose unit is not known here the bare number. */
export function numericFigure(audit: string): LighthouseFigure {
  const unit = UNITS.get(audit)
  return unit === undefined ? { metric: `${audit}:numericValue`, unit: 'count' } : { metric: audit, unit }
}
