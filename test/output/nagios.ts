/** A range as the guidelines spell it. */
export interface ReadRange {
  readonly from: number
  readonly to: number
  readonly isInside: boolean
}

/** A figure of performance data. */
export interface ReadFigure {
  readonly label: string
  /** NaN for `U`. */
  readonly value: number
  readonly uom: string
  readonly warning: ReadRange | undefined
  readonly critical: ReadRange | undefined
  readonly min: number | undefined
  readonly max: number | undefined
}

/** What a plugin printed. */
export interface ReadPlugin {
  readonly service: string
  readonly state: 'OK' | 'WARNING' | 'CRITICAL' | 'UNKNOWN'
  readonly text: string
  readonly long: readonly string[]
  /** Of the first line, and those after the long text. */
  readonly figures: readonly ReadFigure[]
  readonly later: readonly ReadFigure[]
}

const NUMBER = '-?(?:\\d+(?:\\.\\d+)?|\\.\\d+)'
const RANGE = new RegExp(`^(@?)(?:(~|${NUMBER})?(:))?(${NUMBER})?$`)
// The value, and the limits that may be left out, each but for its semicolon.
const FIGURE = new RegExp(`^(?:'((?:[^'=]|'')+)'|([^ '=]+))=(?:(U)|(${NUMBER})([^\\d;' "]*))(?:;([^; ]*))?(?:;([^; ]*))?(?:;(${NUMBER})?)?(?:;(${NUMBER})?)?(?: |$)`)
const UOMS = ['', 's', 'us', 'ms', '%', 'B', 'KB', 'MB', 'GB', 'TB', 'c']

/** Reads the output of a plugin by https://www.monitoring-plugins.org/doc/guidelines.html, sections 2.1 to 2.6; throws at what they do not allow. `uoms` are units beyond theirs. */
export function readPlugin(text: string, uoms: readonly string[] = []): ReadPlugin {
  if (!text.endsWith('\n')) throw new Error('no line break at the end')
  const [first = '', ...rest] = text.slice(0, -1).split('\n')
  for (const line of [first, ...rest]) if (/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(line)) throw new Error(`a control character: ${JSON.stringify(line)}`)
  const [head = '', ...more] = first.split('|')
  if (more.length > 1) throw new Error(`two bars in the first line: ${first}`)
  const [, service, state, said] = /^([A-Z]+) (OK|WARNING|CRITICAL|UNKNOWN) - (\S.*?) ?$/.exec(head) ?? []
  if (service === undefined || said === undefined) throw new Error(`not SERVICE STATUS - text: ${head}`)
  // What follows the first bar of the long text is figures, to the end.
  const tail = rest.join('\n')
  const bar = tail.indexOf('|')
  const long = bar < 0 ? rest : tail.slice(0, bar).split('\n').map((line) => line.trimEnd())
  if (long.some((line) => line.trim() === '')) throw new Error('an empty line')
  const figures = readFigures(more[0] ?? '', uoms)
  const later = readFigures(bar < 0 ? '' : tail.slice(bar + 1), uoms)
  const labels = [...figures, ...later].map(({ label }) => label)
  if (new Set(labels).size < labels.length) throw new Error(`a label comes twice: ${labels.join(', ')}`)
  return { service, state: state as ReadPlugin['state'], text: said, long, figures, later }
}

function readFigures(text: string, uoms: readonly string[]): ReadFigure[] {
  if (text.includes('|')) throw new Error(`a bar among the figures: ${text}`)
  const figures: ReadFigure[] = []
  let left = text.trim()
  while (left !== '') {
    const [whole, quoted, bare, unknown, value, uom = '', warning = '', critical = '', min, max] = FIGURE.exec(left) ?? []
    if (whole === undefined) throw new Error(`not a figure: ${left}`)
    if (unknown === undefined && ![...UOMS, ...uoms].includes(uom)) throw new Error(`the guidelines know no unit ${uom}`)
    const label = (quoted?.replaceAll("''", "'") ?? bare ?? '')
    if (label !== label.trim()) throw new Error(`blanks around a label: "${label}"`)
    const bound = (limit: string | undefined): number | undefined => (limit === undefined ? undefined : Number(limit))
    figures.push({ label, value: unknown === undefined ? Number(value) : Number.NaN, uom, warning: readRange(warning), critical: readRange(critical), min: bound(min), max: bound(max) })
    left = left.slice(whole.length)
  }
  return figures
}

/** `[@]start:end`: start is 0 where it is left out, `~` is minus infinity, no end is infinity; undefined for nothing. */
export function readRange(text: string): ReadRange | undefined {
  if (text === '') return undefined
  const [whole, inside, start, colon, end] = RANGE.exec(text) ?? []
  if (whole === undefined || (colon === undefined ? end === undefined : start === undefined)) throw new Error(`not a range: ${text}`)
  const range = { from: start === '~' ? Number.NEGATIVE_INFINITY : Number(start ?? 0), to: end === undefined ? Number.POSITIVE_INFINITY : Number(end), isInside: inside === '@' }
  if (range.from > range.to) throw new Error(`a range that ends before it starts: ${text}`)
  return range
}
