import type { Capture, Json } from '../../model/plan.ts'
import { compilePathText, compilePattern } from './compiled-text.ts'
import type { Reply } from './reply.ts'
import type { Scope } from './scope.ts'
import type { DeclaredNames } from './template.ts'

/** A capture made ready. */
export interface CompiledCapture {
  readonly capture: Capture
  readonly needsBody: boolean
  /** The value, or undefined when there is nothing to take; '' is nothing, as in Artillery. */
  readonly take: (reply: Reply, scope: Scope) => Json | undefined
}

/** Compiles a capture. Throws UserError `INVALID_JSONPATH` or `INVALID_PATTERN`. */
export function compileCapture(capture: Capture, declared?: DeclaredNames): CompiledCapture {
  const find = finder(capture, declared)
  return {
    capture,
    needsBody: capture.from.kind === 'json' || capture.from.kind === 'regexp',
    take: (reply, scope) => {
      const value = find(reply, scope)
      return value === '' || (Array.isArray(value) && capture.all === true && value.length === 0) ? undefined : value
    },
  }
}

type Finder = (reply: Reply, scope: Scope) => Json | undefined

function finder({ from, all = false, where }: Capture, declared: DeclaredNames | undefined): Finder {
  switch (from.kind) {
    case 'status': return ({ exchange }) => exchange.status
    case 'header': {
      const name = from.name.toLowerCase()
      return ({ exchange }) => (all ? exchange.headers(name) : exchange.header(name))
    }
    case 'json': {
      const path = compilePathText(from.path, where, declared)
      return (reply, scope) => (all ? path(scope)?.all(reply.json()) : path(scope)?.first(reply.json()))
    }
    case 'regexp': {
      // g and y make a pattern remember where it stopped: only taking all needs that, and matchAll works on a copy.
      const pattern = compilePattern(from.pattern, from.flags.replace(/[gy]/g, '') + (all ? 'g' : ''), where)
      const { group } = from
      if (all) return (reply) => [...reply.text().matchAll(pattern)].map((match) => groupOf(match, group)).filter((text) => text !== undefined)
      return (reply) => groupOf(pattern.exec(reply.text()), group)
    }
  }
}

function groupOf(match: RegExpExecArray | null, group: number | string): string | undefined {
  if (!match) return undefined
  return typeof group === 'number' ? match[group] : match.groups?.[group]
}
