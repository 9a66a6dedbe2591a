import { kindOfAmount, type Amount, type AmountName } from '../budget-schema/amount.ts'
import type { Levels } from '../budget-schema/levels.ts'
import type { BudgetText } from '../budget-schema/schema.ts'
import type { BudgetLine } from '../model/budget.ts'
import { plain } from '../model/text.ts'
import { kindOfLimits, limitsOf, unitOf } from './limits.ts'
import type { Origin } from './origin.ts'
import { pagesLike, seriesSubject } from './series-subject.ts'
import { TIMINGS } from './timing-lines.ts'

type Lighthouse = NonNullable<BudgetText['lighthouse']>
type Reports = Omit<Lighthouse, 'pages'>

/** Audits whose number is a time or a size, so that a limit without unit is one too. */
const KINDS: ReadonlyMap<string, AmountName> = new Map<string, AmountName>([
  ...Object.entries(TIMINGS).flatMap(([name, { audit }]): [string, AmountName][] => (audit === null || name === 'cumulativeLayoutShift' ? [] : [[audit, 'time']])),
  ['bootup-time', 'time'], ['mainthread-work-breakdown', 'time'], ['network-rtt', 'time'], ['network-server-latency', 'time'],
  ['total-byte-weight', 'size'], ['cumulative-layout-shift', 'score'],
])

/** Lines of the section `lighthouse`. */
export function lighthouseLines(lighthouse: Lighthouse, origin: Origin): BudgetLine[] {
  const { pages = {}, ...reports } = lighthouse
  return [
    ...linesFor(reports, undefined, ['lighthouse'], origin),
    ...Object.entries(pages).flatMap(([glob, inside]) => linesFor(inside, glob, ['lighthouse', 'pages', glob], origin)),
  ]
}

interface Assertion {
  readonly id: string
  readonly title: string
  readonly metric: string
  readonly kind: AmountName
  readonly better: 'lower' | 'higher'
  readonly path: readonly string[]
  readonly written: Amount | Levels
}

function linesFor(reports: Reports, glob: string | undefined, base: readonly string[], origin: Origin): BudgetLine[] {
  const assertions: Assertion[] = [
    ...Object.entries(reports.categories ?? {}).map(([name, written]) => ({ id: `categories:${name}`, title: `score of ${name}`, metric: `categories:${name}`, kind: 'share' as const, better: 'higher' as const, path: ['categories', name], written })),
    ...Object.entries(reports.audits ?? {}).flatMap(([name, written]) => auditAssertions(name, written)),
    ...Object.entries(reports.userTimings ?? {}).map(([name, written]) => ({ id: `user-timings:${name}`, title: `user timing ${name}`, metric: `user-timings:${name}`, kind: 'time' as const, better: 'lower' as const, path: ['userTimings', name], written })),
  ]
  return assertions.map(({ id, title, metric, kind, better, path, written }) => {
    const full = [...base, ...path]
    const where = origin.at(full, 'key')
    return {
      id: `lighthouse:${id}${glob === undefined ? '' : `@${glob}`}`, section: 'lighthouse', title: plain(`${title}${glob === undefined ? '' : ` of ${glob}`}`, 150), unit: unitOf(kind), better, ...(where ? { where } : {}),
      subjects: [seriesSubject(metric, null, pagesLike(glob))],
      limits: limitsOf(written, { origin, path: full, kind, better }),
    } satisfies BudgetLine
  })
}

function auditAssertions(name: string, written: NonNullable<Reports['audits']>[string]): Assertion[] {
  const { minScore, maxLength, ...levels } = typeof written === 'object' ? written : { max: written, minScore: undefined, maxLength: undefined }
  const first = Object.values(levels).find((amount) => amount !== undefined)
  const known = KINDS.get(name)
  const kind = known !== undefined && first !== undefined && kindOfAmount(first, [known]) === known ? known : kindOfLimits(levels, ['score', 'time', 'size', 'count'])
  const audit = { better: 'lower', path: ['audits', name] } as const
  return [
    ...(first === undefined ? [] : [{ ...audit, id: name, title: name, metric: name, kind, written: typeof written === 'object' ? levels : written }]),
    ...(minScore === undefined ? [] : [{ ...audit, id: `${name}:score`, title: `score of ${name}`, metric: `${name}:score`, kind: 'share' as const, better: 'higher' as const, path: [...audit.path, 'minScore'], written: minScore }]),
    ...(maxLength === undefined ? [] : [{ ...audit, id: `${name}:length`, title: `things that ${name} lists`, metric: `${name}:length`, kind: 'count' as const, path: [...audit.path, 'maxLength'], written: maxLength }]),
  ]
}
