import { seriesKey, type MeasuredSeries, type Measurements } from '../../model/measurements.ts'
import { plain } from '../../model/text.ts'
import type { Artifact, Content, ReadChoice } from './artifact.ts'
import { ARTIFACTS } from './artifacts.ts'
import { linesOf, open, wholeText, type Opened, type Source } from './content.ts'
import { ambiguous, broken, emptyFile, holdsNothing, unknownFormat } from './errors.ts'
import { parseJson } from './json-text.ts'

/** More series than any tool writes. */
const MOST_SERIES = 20_000

/**
 * Reads a file of results, recognised by what is in it; `file` is only what it is called in errors. Bytes may be gzip, text UTF-8 or UTF-16.
 * Throws UserError `UNKNOWN_ARTIFACT`, `EMPTY_ARTIFACT`, `BROKEN_ARTIFACT`, `NOTHING_MEASURED`, `AMBIGUOUS_ARTIFACT`, `ARTIFACT_TOO_LARGE`, and what the source throws.
 */
export async function readMeasurements(file: string, source: Source, choice: Partial<ReadChoice> = {}): Promise<Measurements> {
  const { per = 'slice', sliceMs = 2_000, detail = false } = choice
  const shown = plain(file, 300)
  const opened = await open(shown, source)
  try {
    const [artifact, content] = await contentOf(shown, opened, { per, sliceMs, detail, firstParty: choice.firstParty })
    return finished(shown, artifact, content)
  } finally {
    await opened.close()
  }
}

async function contentOf(file: string, opened: Opened, choice: ReadChoice): Promise<readonly [Artifact, Content]> {
  const reading = (artifact: Artifact): ReadChoice & { file: string; format: Artifact['format'] } => ({ ...choice, file, format: artifact.format })
  const firstLine = opened.head.trimStart().split('\n', 1)[0]?.trim() ?? ''
  const byLine = only(file, ARTIFACTS.filter((artifact) => artifact.kind === 'lines').filter((artifact) => artifact.recognise(firstLine)))
  if (byLine) return [byLine, await byLine.read(linesOf(file, opened), reading(byLine))]

  const text = await wholeText(file, opened)
  const start = text.trimStart().charAt(0)
  if (start === '') throw emptyFile(file)
  if (start === '{' || start === '[') {
    const value = parseJson(file, text)
    const known = only(file, ARTIFACTS.filter((artifact) => artifact.kind === 'json').filter((artifact) => artifact.recognise(value)))
    if (!known) throw unknownFormat(file, ARTIFACTS, 'JSON')
    return [known, await known.read(value, reading(known))]
  }
  const known = only(file, ARTIFACTS.filter((artifact) => artifact.kind === 'text').filter((artifact) => artifact.recognise(text)))
  if (!known) throw unknownFormat(file, ARTIFACTS, 'text', hintFor(text))
  return [known, known.read(text, reading(known))]
}

function only<A extends Artifact>(file: string, found: readonly A[]): A | undefined {
  if (found.length > 1) throw ambiguous(file, found)
  return found[0]
}

function hintFor(text: string): string | undefined {
  if (text.slice(0, 4_096).includes('\u0000')) return 'it is a binary file; tools write their results as JSON, CSV or text when asked to'
  if (/^[[{]/m.test(text)) return 'there is other text before the JSON; with npm run, give -s so that only the tool writes'
  return undefined
}

/** Names made safe and told apart, values checked. */
function finished(file: string, { format }: Artifact, content: Content): Measurements {
  if (content.series.length === 0) throw holdsNothing({ file, format })
  if (content.series.length > MOST_SERIES) throw broken(file, `it has ${content.series.length} figures, more than any tool writes`)
  const { cpu = null, cores = null, memoryBytes = null, os = null, tool = null, plan = null } = content.surroundings ?? {}
  const text = (value: string | null): string | null => (value === null || value.trim() === '' ? null : plain(value, 200))
  return {
    file,
    format,
    surroundings: { cpu: text(cpu), cores, memoryBytes, os: text(os), tool: text(tool), plan: text(plan) },
    takenAt: content.takenAt ?? null,
    series: toldApart(content.series.map((series) => checked(file, { ...series, metric: plain(series.metric, 200), of: plain(series.of, 200) }))),
    notes: (content.notes ?? []).slice(0, 50).map((note) => plain(note, 400)),
    ...(content.outcome === undefined ? {} : { outcome: content.outcome }),
  }
}

/** None of what is measured here can be below nothing, nor a share of events above all of them. */
function checked(file: string, series: MeasuredSeries): MeasuredSeries {
  const wrong = series.values.find((value) => value < 0 || value === Number.POSITIVE_INFINITY || (series.class === 'rate' && value > 1))
  if (wrong !== undefined && !(wrong < 0 && series.better === 'neither')) throw broken(file, `${plain(seriesKey(series), 200)} is ${wrong}, which cannot be`, undefined, 'was it changed by hand?')
  return series
}

/** Two of one name (two bundles called "app") get a number each, in the file's order. */
function toldApart(list: readonly MeasuredSeries[]): MeasuredSeries[] {
  const seen = new Map<string, number>()
  return list.map((series) => {
    const key = seriesKey(series)
    const count = (seen.get(key) ?? 0) + 1
    seen.set(key, count)
    return count === 1 ? series : { ...series, of: `${series.of} #${count}`.trim() }
  })
}
