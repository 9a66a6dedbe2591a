import type { LoadProgress } from '../model/progress.ts'
import { plain } from '../model/text.ts'
import { showDuration, showQuantity, showRatio } from '../model/unit.ts'
import { bar } from './bar.ts'
import { showLeft } from './clock.ts'
import { percentileRows } from './percentile-rows.ts'
import { apart, blank, fit, NARROW, type Row } from './rows.ts'
import { as, flowSpans, paintSpans, spansWidth, type Palette, type Span } from './span.ts'
import { sparkline } from './sparkline.ts'
import { titleRows } from './title-rows.ts'
import type { Tone } from './tone.ts'
import { figureRows, pairRows, sidesOf } from './turn-rows.ts'

export interface LivePalette extends Palette {
  /** Most lines; what matters least is left out first. As many as there are when it is not given. */
  readonly height?: number | undefined
}

/** Above this share of a core the generator may be measuring its own delay. */
const BUSY = 0.7
/** A rate that reaches this share of what was asked is as asked. */
const REACHED = 0.95

/** Draws a running load test as lines of at most `width` cells, > 0. */
export function paintLive(progress: LoadProgress, width: number, palette: LivePalette): string[] {
  const { turns } = progress
  const rows = [
    ...titleRows(progress, width),
    ...(turns ? pairRows(progress, turns, width, palette.unicode) : phase(progress, width, palette.unicode)),
    blank,
    ...(turns ? [...figureRows(turns, width), blank] : curves(progress, width, palette.unicode)),
    ...counts(progress, width),
    blank,
    ...percentileRows(turns ? sidesOf(turns) : [{ label: 'now', values: progress.now, tone: 'title', rank: 2 }, { label: 'so far', values: progress.soFar, rank: 4 }], width),
    blank,
    ...troubles(progress, width),
    hint(progress),
  ]
  return fit(rows, palette.height ?? rows.length).map(({ spans }) => paintSpans(spans, width, palette))
}

function phase({ phase: current, state, elapsedMs, totalMs }: LoadProgress, width: number, unicode: boolean): Row[] {
  const named: Span[] = current ? [plain(current.name, 60), as('label', ` (${current.index} of ${current.of})`)] : [as('label', state === 'draining' ? 'all phases over' : 'no phase yet')]
  const phaseLeft = current?.endsInMs ? `${showLeft(current.endsInMs)} left` : undefined
  if (totalMs === null) return [{ rank: 1, spans: [...named, as('label', `  ${phaseLeft ?? 'until the work is done'}`)] }]

  const share = totalMs > 0 ? Math.min(1, elapsedMs / totalMs) : 1
  const percent = `${Math.floor(share * 100)}%`.padStart(5)
  const runLeft = showLeft(totalMs - elapsedMs)
  const isOver = elapsedMs >= totalMs
  const draw = (cells: number): Span[] => {
    const { done, rest } = bar(share, cells, unicode)
    return [as('done', done), as('rest', rest)]
  }
  if (width <= NARROW) {
    const left = isOver ? '' : `  ${runLeft} left`
    return [
      { rank: 1, spans: apart(named, [as('label', phaseLeft ?? '')], width) },
      { rank: 2, spans: [...draw(width - percent.length - left.length), percent, as('label', left)] },
    ]
  }
  const left = isOver ? 'time is up' : phaseLeft && current && current.index < current.of ? `${phaseLeft}, run ${runLeft}` : `${runLeft} left`
  const right: Span[] = [percent, as('label', `  ${left}`)]
  const head = spansWidth(named) > width / 2 ? [paintSpans(named, Math.floor(width / 2), { color: false, unicode: true })] : named
  return [{ rank: 1, spans: [...head, '  ', ...draw(width - spansWidth(head) - spansWidth(right) - 2), ...right] }]
}

/** Where the text of a labelled line begins, and where its curve does. */
const LABEL = 9
const CURVE = 28

function curves(progress: LoadProgress, width: number, unicode: boolean): Row[] {
  const { history, reachedRate, now } = progress
  const curve = (label: string, value: readonly Span[], values: readonly number[], show: (value: number) => string): Span[] => {
    const most = values.reduce((top, each) => (Number.isFinite(each) && each > top ? each : top), 0)
    const peak = width > NARROW && most > 0 ? `  max ${show(most)}` : ''
    const start = Math.max(CURVE, LABEL + spansWidth(value) + 1)
    // The room of the longest peak is kept, so that the curves end below each other.
    const line = sparkline(values, width - start - (width > NARROW ? 14 : 0), unicode)
    return [as('label', label.padEnd(LABEL)), ...value, ' '.repeat(start - LABEL - spansWidth(value)), as('curve', line), as('label', peak)]
  }
  return [
    { rank: 1, spans: curve('requests', [as('title', perSecond(reachedRate))], history.map(({ rate }) => rate), perSecond) },
    { rank: 4, spans: curve('p95', [as('title', now ? showDuration(now.p95) : '–')], history.map(({ p95 }) => p95), showDuration) },
  ]
}

const perSecond = (value: number): string => showQuantity({ value, unit: 'per_second' })

/** What begins against what was asked for: arrivals of an open workload, users of a closed one. */
function beginnings({ askedRate, startedRate, users, askedUsers, state }: LoadProgress): Span[] {
  if (askedRate === null) return [as('title', users === null ? '–' : showQuantity({ value: users, unit: 'count' })), as('label', askedUsers === null ? '' : ` of ${showQuantity({ value: askedUsers, unit: 'count' })}`)]
  const isShort = state === 'running' && startedRate !== null && startedRate < askedRate * REACHED
  return [as(isShort ? 'warn' : state === 'running' ? 'ok' : 'title', startedRate === null ? '–' : perSecond(startedRate)), as('label', ` of ${perSecond(askedRate)}`)]
}

function counts(progress: LoadProgress, width: number): Row[] {
  const { users, askedRate, requests, failed, dropped, late, waiting, turns } = progress
  // Arrivals in turns are the same in every slice.
  const hasBeginnings = users !== null && (turns === undefined || users > 0)
  const count = (value: number): string => showQuantity({ value, unit: 'count' })
  const item = (label: string, value: string, tone: Tone): Span[] => [as('label', `${label} `), as(tone, value)]
  const items: Span[][] = [
    ...(hasBeginnings ? [beginnings(progress)] : []),
    ...(askedRate === null || users === null ? [] : [item('users', count(users), 'title')]),
    item('sent', count(requests), 'title'),
    failed > 0 ? item('failed', `${count(failed)} (${showRatio(failed / Math.max(requests, failed))})`, 'warn') : item('failed', '0', 'title'),
    ...(dropped > 0 ? [item('dropped', count(dropped), 'fail')] : []),
    ...(late > 0 ? [item('late', count(late), 'warn')] : []),
    ...(waiting > 0 ? [item('waiting', count(waiting), 'warn')] : []),
  ]
  return flowSpans((hasBeginnings ? (askedRate === null ? 'users' : 'arrivals') : 'requests').padEnd(LABEL), items, width, 5).map((spans) => ({ rank: 1, spans }))
}

function troubles({ errors, crossed, generatorCpu }: LoadProgress, width: number): Row[] {
  const kinds = errors.slice(0, 5).map(({ type, count }): Span[] => [as('warn', plain(type, 40)), as('label', ` ×${showQuantity({ value: count, unit: 'count' })}`)])
  const rows = [
    ...(kinds.length > 0 ? flowSpans('errors'.padEnd(LABEL), kinds, width, 3).map((spans) => ({ rank: 3, spans })) : []),
    ...(crossed.length > 0 ? flowSpans('crossed'.padEnd(LABEL), crossed.map((text) => [as('fail', plain(text, 120))]), width, 3).map((spans) => ({ rank: 2, spans })) : []),
    ...(generatorCpu > BUSY ? [{ rank: 3, spans: [as('label', 'busy'.padEnd(LABEL)), as('warn', `generator at ${showRatio(Math.round(generatorCpu * 100) / 100)} of a core${width > NARROW ? ': it may be measuring itself' : ''}`)] }] : []),
  ]
  return rows.length > 0 ? [...rows, blank] : []
}

function hint({ state }: LoadProgress): Row {
  return { rank: 7, spans: [as('label', state === 'draining' ? 'finishing, then the report' : 'Ctrl-C: finish and report')] }
}
