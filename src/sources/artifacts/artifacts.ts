import { ab } from './ab.ts'
import type { Artifact } from './artifact.ts'
import { artillery } from './artillery.ts'
import { autocannon } from './autocannon.ts'
import { heyCsv } from './hey-csv.ts'
import { hyperfine } from './hyperfine.ts'
import { k6Ndjson } from './k6-ndjson.ts'
import { k6SummaryExport } from './k6-summary-export.ts'
import { k6Summary } from './k6-summary.ts'
import { lighthouse } from './lighthouse.ts'
import { medianestBench } from './medianest-bench.ts'
import { medianest } from './medianest.ts'
import { medianestBudget } from './medianest-budget.ts'
import { oha } from './oha.ts'
import { plainMeasurements } from './plain-measurements.ts'
import { referenceBaseline } from './reference-baseline.ts'
import { sizeLimit } from './size-limit.ts'
import { tinybench } from './tinybench.ts'
import { vegetaEncode } from './vegeta-encode.ts'
import { vegetaReport } from './vegeta-report.ts'
import { vitestBench } from './vitest-bench.ts'
import { wrk } from './wrk.ts'

/** Every format that is read, one file each; their marks exclude each other. */
export const ARTIFACTS: readonly Artifact[] = [
  medianest, k6Summary, k6SummaryExport, k6Ndjson, autocannon, artillery, vegetaReport, vegetaEncode, heyCsv, oha, hyperfine, wrk, ab, medianestBench, vitestBench, tinybench, lighthouse, sizeLimit, medianestBudget,
  referenceBaseline, plainMeasurements,
]
