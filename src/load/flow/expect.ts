import type { Position } from '../../model/error.ts'
import type { Expectation } from '../../model/plan.ts'
import { unreadableStatus } from './errors.ts'
import { compilePathText, compilePatternText, compileText } from './compiled-text.ts'
import type { Reply } from './reply.ts'
import type { Scope } from './scope.ts'
import { compileTemplate, type DeclaredNames } from './template.ts'
import { compileValue } from './json-template.ts'
import { sameValue, showValue } from './value.ts'

/** An expectation made ready. */
export interface CompiledExpectation {
  readonly expectation: Expectation
  readonly needsBody: boolean
  /** Whether it judges the status, so that the rule "400 or more has failed" does not. */
  readonly judgesStatus: boolean
  readonly holds: (reply: Reply, scope: Scope) => boolean
}

const WITH_BODY: ReadonlySet<Expectation['kind']> = new Set(['hasProperty', 'matchesRegexp', 'jsonEquals'] as const)

/** Compiles an expectation. Throws UserError `INVALID_STATUS`, `INVALID_JSONPATH` or `INVALID_PATTERN`. */
export function compileExpectation(expectation: Expectation, declared?: DeclaredNames): CompiledExpectation {
  return {
    expectation,
    needsBody: WITH_BODY.has(expectation.kind),
    judgesStatus: expectation.kind === 'status' || expectation.kind === 'notStatus',
    holds: questionOf(expectation, declared),
  }
}

type Question = (reply: Reply, scope: Scope) => boolean

function questionOf(expectation: Expectation, declared: DeclaredNames | undefined): Question {
  const { where } = expectation
  switch (expectation.kind) {
    case 'status': return statusAmong(expectation.codes, where, declared)
    case 'notStatus': {
      const among = statusAmong(expectation.codes, where, declared)
      return (reply, scope) => !among(reply, scope)
    }
    case 'contentType': {
      const type = compileTemplate(expectation.type, where, declared)
      return ({ exchange }, scope) => isOfType(exchange.header('content-type') ?? '', type.render(scope))
    }
    case 'hasHeader': {
      const name = compileTemplate(expectation.name, where, declared)
      return ({ exchange }, scope) => exchange.header(name.render(scope).toLowerCase()) !== undefined
    }
    case 'headerEquals': {
      const name = compileTemplate(expectation.name, where, declared)
      const value = compileTemplate(expectation.value, where, declared)
      return ({ exchange }, scope) => exchange.headers(name.render(scope).toLowerCase()).includes(value.render(scope))
    }
    case 'hasProperty': {
      const path = compilePathText(expectation.path, where, declared)
      return (reply, scope) => {
        const document = reply.json()
        return document !== undefined && (path(scope)?.first(document) !== undefined) === expectation.present
      }
    }
    case 'equals': {
      const values = expectation.values.map((value) => compileValue(value, where, declared))
      return (_, scope) => (new Set(values.map((value) => showValue(value.evaluate(scope)))).size <= 1) !== expectation.negate
    }
    case 'matchesRegexp': {
      const pattern = compilePatternText(expectation.pattern, where, declared)
      return (reply, scope) => pattern(scope)?.test(reply.text()) ?? false
    }
    case 'jsonEquals': {
      const path = compilePathText(expectation.path, where, declared)
      const value = compileValue(expectation.value, where, declared)
      return (reply, scope) => {
        const found = path(scope)?.first(reply.json())
        return found !== undefined && sameValue(found, value.evaluate(scope))
      }
    }
    case 'responseTime': return ({ durationMs }) => durationMs <= expectation.maxMs
  }
}

/** `json` is every kind of JSON (`application/json`, `application/problem+json`); parameters count only when asked for. */
function isOfType(found: string, wanted: string): boolean {
  const [type = ''] = found.toLowerCase().split(';', 1)
  const asked = wanted.trim().toLowerCase()
  if (asked === 'json') return /^application\/json$|^[^/]+\/[^/]+\+json$/.test(type.trim())
  return asked.includes(';') ? found.trim().toLowerCase() === asked : type.trim() === asked
}

// code = digits | digit "xx" | digits "-" digits
const CODE = /^(?:([1-9]\d\d)|([1-9])xx|([1-9]\d\d)\s*-\s*([1-9]\d\d))$/i

interface StatusRange {
  readonly least: number
  readonly most: number
}

function parseStatus(code: string, where: Position): StatusRange {
  const match = CODE.exec(code.trim())
  if (!match) throw unreadableStatus(code, where)
  const [, exact, family, least, most] = match
  if (exact !== undefined) return { least: Number(exact), most: Number(exact) }
  if (family !== undefined) return { least: Number(family) * 100, most: Number(family) * 100 + 99 }
  return { least: Number(least), most: Number(most) }
}

function statusAmong(codes: readonly (number | string)[], where: Position, declared: DeclaredNames | undefined): Question {
  const ranges = codes.map((code) => compileText<StatusRange>(String(code), where, declared, (text) => parseStatus(text, where)))
  return ({ exchange: { status } }, scope) =>
    ranges.some((range) => {
      const wanted = range(scope)
      return wanted !== null && status >= wanted.least && status <= wanted.most
    })
}
