import type { Position } from '../model/error.ts'
import type { Finding } from '../model/finding.ts'
import type { Report } from '../model/report.ts'
import type { FailureLike, RenderOptions } from './format.ts'

/** The one JSON shape of every command's answer; what a finding does not have is null. */
export function envelope(report: Report, { version, host }: RenderOptions): Record<string, unknown> {
  return {
    success: true,
    command: report.command,
    verdict: report.verdict,
    ...(report.interim ? { interim: true } : {}),
    data: report.data,
    findings: report.findings.map(findingShape),
    alerts: report.alerts,
    meta: { ...report.meta, version, startedAt: report.startedAt, finishedAt: report.finishedAt, host, ...(report.interrupted ? { interrupted: report.interrupted } : {}) },
  }
}

function findingShape({ id, verdict, title, metric, observed, limit, unit, isInconclusive, excuse, hint, where }: Finding): Record<string, unknown> {
  return {
    id, verdict, title, metric: metric ?? null, observed: observed ?? null, limit: limit ?? null, unit: unit ?? null, excuse: excuse ?? null, hint: hint ?? null,
    where: where ? positionShape(where) : null,
    ...(isInconclusive ? { inconclusive: true } : {}),
  }
}

function positionShape({ file, line, column }: Position): Position {
  return { file, line, column }
}

/** The one JSON shape of every error; its place in a file is in `details.where`. */
export function errorEnvelope({ code, message, hint, where, details }: FailureLike, { command }: RenderOptions): Record<string, unknown> {
  return {
    success: false,
    command,
    error: { code, message, hint: hint ?? null, details: { ...details, ...(where ? { where: positionShape(where) } : {}) } },
  }
}

// JSON itself escapes C0; the rest of what can upset a terminal, or turn its text around, is escaped here.
const UNSAFE = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g

/** JSON text: dates are ISO 8601, NaN, infinities and invalid dates are null, big integers are text, and characters unsafe for a terminal are escaped. */
export function stringify(value: unknown, indent = 0): string {
  const text = JSON.stringify(value, (_key, item: unknown) => (typeof item === 'bigint' ? String(item) : item), indent)
  return text.replace(UNSAFE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
