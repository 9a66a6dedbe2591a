import { bencher } from './bencher.ts'
import { benchmarkBigger, benchmarkSmaller } from './benchmark-action.ts'
import { comment } from './comment.ts'
import { unknownFormat } from './errors.ts'
import type { Format } from './format.ts'
import { github } from './github.ts'
import { gitlabMetrics } from './gitlab-metrics.ts'
import { html } from './html.ts'
import { human } from './human.ts'
import { json } from './json.ts'
import { junit } from './junit.ts'
import { markdown } from './markdown.ts'
import { nagios } from './nagios.ts'
import { ndjson } from './ndjson.ts'
import { openmetrics } from './openmetrics.ts'
import { pdf } from './pdf.ts'
import { prometheus } from './prometheus.ts'
import { stepSummary } from './step-summary.ts'

/** Every format by its name. */
export const FORMATS = {
  human, json, ndjson, junit, github, markdown, comment, 'step-summary': stepSummary, html, pdf, nagios, prometheus, openmetrics, 'gitlab-metrics': gitlabMetrics,
  'benchmark-smaller': benchmarkSmaller, 'benchmark-bigger': benchmarkBigger, bencher,
} as const satisfies Readonly<Record<string, Format>>

/** The format of that name. Throws UserError `UNKNOWN_FORMAT`. */
export function formatNamed(name: string): Format {
  const format = Object.values<Format>(FORMATS).find((candidate) => candidate.name === name)
  if (!format) throw unknownFormat(name, Object.keys(FORMATS))
  return format
}
