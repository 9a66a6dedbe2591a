import type { Aggregation, BudgetLimit, BudgetLine, OfPattern } from '../model/budget.ts'
import type { Position } from '../model/error.ts'
import { nearest } from '../model/nearest.ts'
import type { Unit } from '../model/unit.ts'
import { assertionNotValid } from './lighthouse-errors.ts'
import { numericFigure } from './lighthouse-figure.ts'
import { KNOWN_AUDITS } from './lighthouse-presets.ts'

/** A number of an assertion and where it stands; `path` where it is the file's own. */
export interface Option {
  readonly value: number
  readonly where: Position
  readonly path?: readonly (string | number)[] | undefined
}

/** What is asserted of an audit. */
export interface Assertion {
  readonly level: 'off' | 'warn' | 'error'
  /** Whether it is a level by itself, which takes the place of a preset's options too. */
  readonly isWord: boolean
  readonly where: Position
  readonly options: { readonly [Name in OptionName]?: Option }
  readonly aggregation: Aggregation | undefined
}

type OptionName = 'minScore' | 'maxLength' | 'maxNumericValue'

/** A key as lhci looks it up: colons for full stops, dashes for capitals. */
export function dashedKey(written: string): string {
  return written.replace(/\./g, ':').replace(/([a-z])([A-Z])/g, '$1-$2').toLowerCase()
}

/** One's own assertion over a preset's: its level counts, and options of both do. */
export function merged(preset: Assertion | undefined, own: Assertion): Assertion {
  return preset === undefined || own.isWord ? own : { ...own, options: { ...preset.options, ...own.options } }
}

/** The score that an assertion without a number asks for. */
const USUAL_SCORE = 0.9

interface Figure {
  readonly metric: string
  readonly unit: Unit
}

/** Lines of an assertion, one for each of its numbers. Throws UserError where its subject has no such figure. */
export function asserted(key: string, { level, where, options, aggregation }: Assertion, of: OfPattern | null): BudgetLine[] {
  const given: { readonly [Name in OptionName]?: Option } = Object.keys(options).length > 0 ? options : { minScore: { value: USUAL_SCORE, where } }
  const figures = figuresOf(key, where)
  const pages = of === null ? '' : ` of ${of.pattern}`
  const name = nameOf(key)
  return (['maxLength', 'maxNumericValue', 'minScore'] as const).flatMap((option): BudgetLine[] => {
    const number = given[option]
    if (!number) return []
    const figure = figures[option]
    if (!figure) throw assertionNotValid(key, 'a category has a score only', 'write minScore', number.where)
    const isFloor = option === 'minScore'
    const limit: BudgetLimit = {
      level: level === 'error' ? 'fail' : 'warn', operator: isFloor ? '>=' : '<=', value: number.value, against: 'nothing', text: String(number.value), where: number.where, ...(number.path ? { path: number.path } : {}),
    }
    return [{
      id: `lighthouse:${name}:${option}${pages}`, section: 'lighthouse', title: `${name}${TITLES[option]}${pages}`, unit: figure.unit, better: isFloor ? 'higher' : 'lower',
      subjects: [{ kind: 'series', metric: figure.metric, statistic: null, of, aggregate: aggregation ?? 'median' }], limits: [limit], where, hint: hintFor(name),
    }]
  })
}

const TITLES: Readonly<Record<OptionName, string>> = { minScore: ' score', maxLength: ' items', maxNumericValue: '' }

function partsOf(key: string): readonly string[] {
  return key.split(':').filter((part) => part !== '')
}

function nameOf(key: string): string {
  const [audit = '', ...rest] = partsOf(key)
  return audit === 'user-timings' && rest.length > 0 ? `user-timings:${timingName(rest)}` : [audit, ...rest].join(':')
}

/** User timings are found by letters and digits alone. */
function timingName(parts: readonly string[]): string {
  return parts.join('-').replace(/[^a-z0-9]+/gi, '-').replace(/^-|-$/g, '').toLowerCase()
}

function figuresOf(key: string, where: Position): { readonly [Name in OptionName]?: Figure } {
  const [audit = '', ...rest] = partsOf(key)
  const scored: Figure = { metric: `${audit}:score`, unit: 'ratio' }
  const usual = { minScore: scored, maxLength: { metric: `${audit}:length`, unit: 'count' }, maxNumericValue: numericFigure(audit) } as const
  if (audit === 'performance-budget') throw assertionNotValid(key, 'Lighthouse had that audit until version 11, for the budget.json it was run with', 'give that file with --budget, or as budgetsFile', where)
  if (rest.length === 0) return usual
  if (audit === 'categories') {
    if (rest.length > 1) throw assertionNotValid(key, 'a category has one name', 'write it like categories:performance', where)
    return { minScore: { metric: `categories:${rest.join('')}`, unit: 'ratio' } }
  }
  if (audit === 'resource-summary') {
    const [type = '', measure = ''] = rest
    if (rest.length !== 2 || !['size', 'count'].includes(measure)) throw assertionNotValid(key, 'it names no figure of a type of resources', 'write it like resource-summary:script:size or resource-summary:script:count', where)
    return { ...usual, maxNumericValue: { metric: `resource-summary:${type}:${measure}`, unit: measure === 'size' ? 'bytes' : 'count' } }
  }
  if (audit === 'user-timings') return { ...usual, maxNumericValue: { metric: `user-timings:${timingName(rest)}`, unit: 'ms' } }
  return usual
}

/** Of a name that no Lighthouse is known to have, the one that may have been meant. */
function hintFor(name: string): string | undefined {
  const [audit = ''] = name.split(':')
  if (audit === 'categories' || KNOWN_AUDITS.includes(audit)) return undefined
  const near = nearest(audit, KNOWN_AUDITS)
  return near === undefined ? undefined : `is "${audit}" spelled right? there is "${near}"`
}
