import { normalize } from 'node:path'
import { UserError } from '../model/error.ts'
import type { Finding } from '../model/finding.ts'
import type { Report } from '../model/report.ts'
import { worst } from '../model/verdict.ts'
import { notText, outputTwice, outputWithoutFile, unknownExtension } from './errors.ts'
import type { FailureLike, Format, RenderOptions } from './format.ts'
import { FORMATS, formatNamed } from './formats.ts'
import { inPlace, makeRoom } from './in-place.ts'

/** A format and where it goes: to a file, or to stdout. */
export interface OutputRequest {
  readonly format: Format
  readonly file: string | null
}

/** A file that appears under its name only when it is whole. */
export interface PendingFile {
  write(text: string): Promise<void>
  commit(): Promise<void>
  abandon(): Promise<void>
}

/** Where text can go. */
export interface Sinks {
  stdout(text: string): void | Promise<void>
  stderr(text: string): void | Promise<void>
  /** Replaces the file in one step. */
  writeFile(path: string, data: string | Uint8Array): Promise<void>
  createFile(path: string): Promise<PendingFile>
  /** Adds to what the file holds. */
  addTo(path: string, text: string): Promise<void>
  /** Bytes that the file holds; 0 where there is none. */
  sizeOf(path: string): Promise<number>
}

/** What stdout can show, and whether stderr shows colours too. */
export interface OutputOptions extends RenderOptions {
  readonly stderrColor: boolean
  /** Height of the terminal in cells. */
  readonly rows: number
  /** Whether each report for people takes the place of the one before, on a terminal. */
  readonly inPlace?: boolean
}

/** Everything a command's reports go to at once. */
export interface Outputs {
  /**
   * Writes a report: files first, then stdout, so that it tells of a file that could not be written. Returns what was told there.
   * Throws what the first sink threw that is no `UserError`, after the others were served.
   */
  push(report: Report): Promise<Report>
  /** Writes why there is no report, or no more of them; never throws, since the failure at hand is the one to tell. */
  fail(error: FailureLike): Promise<void>
  /** Shows the last report once more where reports take each other's place: the terminal has another size. */
  redraw(): Promise<void>
  /** Finishes the files that were written line by line; throws like `push`. */
  end(): Promise<void>
}

interface Output {
  push(report: Report): Promise<void>
  redraw?(): Promise<void>
  fail(error: FailureLike): Promise<void>
  end(): Promise<void>
}

/** Reads `junit=out.xml` or `out.json`, whose ending tells the format. Throws UserError `UNKNOWN_FORMAT` or `INVALID_OUTPUT`. */
export function parseOutput(text: string): OutputRequest {
  const [, prefix, rest] = /^([a-z][\w-]*)=(.*)$/is.exec(text) ?? []
  const file = rest ?? text
  if (file.trim() === '' || file === '-') throw outputWithoutFile(text)
  if (prefix !== undefined) return { format: formatNamed(prefix), file }
  const endings = new Map(Object.values<Format>(FORMATS).flatMap((format) => (format.extension === null ? [] : [[format.extension, format] as const])))
  const format = [...endings].find(([ending]) => file.toLowerCase().endsWith(ending))?.[1]
  if (!format) throw unknownExtension(file, [...endings.keys()], Object.keys(FORMATS))
  return { format, file }
}

/** Opens all that was asked for; nothing is written yet. Throws UserError `DUPLICATE_OUTPUT` when two would go to the same place, `NOT_TEXT` for bytes on stdout. */
export function createOutputs(requests: readonly OutputRequest[], sinks: Sinks, options: OutputOptions): Outputs {
  const places = requests.map(({ file }) => (file === null ? 'stdout' : normalize(file)))
  const twice = places.find((place, index) => places.indexOf(place) !== index)
  if (twice !== undefined) throw outputTwice(twice)
  const unreadable = requests.find(({ format, file }) => file === null && format.binary)
  if (unreadable) throw notText(unreadable.format.name)
  const isFile = requests.map(({ file }) => file !== null)
  const outputs = requests.map(({ format, file }) => (file === null ? (options.inPlace && format === FORMATS.human ? toTerminal : toStdout)(format, sinks, options) : toFile(format, file, sinks, options)))
  return {
    push: async (report) => {
      const failed = await failures(outputs.filter((_, index) => isFile[index]), (output) => output.push(report))
      const problems = failed.filter((error) => error instanceof UserError)
      const told = problems.length === 0 ? report : withProblems(report, problems)
      await settle(outputs.filter((_, index) => !isFile[index]), (output) => output.push(told))
      const other = failed.find((error) => !(error instanceof UserError))
      if (other !== undefined) throw other as Error
      return told
    },
    fail: async (error) => void (await Promise.allSettled(outputs.map((output) => output.fail(error)))),
    redraw: () => settle(outputs, async (output) => output.redraw?.()),
    end: () => settle(outputs, (output) => output.end()),
  }
}

/** A report that says where else it could not be written: what it found stands, and somebody who waits for the file must hear of it. */
function withProblems(report: Report, problems: readonly UserError[]): Report {
  const findings = problems.map(({ message, hint }): Finding => ({ id: 'output', verdict: 'unknown', title: message, hint }))
  return { ...report, isQuiet: false, verdict: worst([report.verdict, 'unknown']), findings: [...report.findings, ...findings] }
}

async function failures(outputs: readonly Output[], act: (output: Output) => Promise<void>): Promise<readonly unknown[]> {
  const results = await Promise.allSettled(outputs.map(act))
  return results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []))
}

async function settle(outputs: readonly Output[], act: (output: Output) => Promise<void>): Promise<void> {
  const failed = await failures(outputs, act)
  if (failed.length > 0) throw failed[0] as Error
}

function toStdout(format: Format, sinks: Sinks, options: OutputOptions): Output {
  return {
    push: async (report) => {
      // Files tell what was found all the same: who reads them did not ask for silence.
      if (!report.isQuiet && (!report.interim || format.stream)) await sinks.stdout(await format.render(report, options))
    },
    fail: async (error) => {
      if (format.errorsTo.includes('stdout')) await sinks.stdout(format.renderError(error, options))
      if (format.errorsTo.includes('stderr')) await sinks.stderr(FORMATS.human.renderError(error, { ...options, color: options.stderrColor }))
    },
    end: async () => {},
  }
}

/** Reports that take each other's place. None is too quiet to be shown: the one before would go on to say what is no longer true. */
function toTerminal(format: Format, sinks: Sinks, options: OutputOptions): Output {
  let last: Report | undefined
  const draw = async (report: Report): Promise<void> => sinks.stdout(inPlace(await format.render(report, options), options))
  return {
    ...toStdout(format, sinks, options),
    push: async (report) => {
      if (report.interim) return
      if (last === undefined) await sinks.stdout(makeRoom(options))
      last = report
      await draw(report)
    },
    redraw: async () => last && draw(last),
  }
}

function toFile(format: Format, file: string, sinks: Sinks, terminal: RenderOptions): Output {
  // A file is read elsewhere, so the terminal at hand says nothing about it.
  const options: RenderOptions = { ...terminal, color: false, unicode: true, columns: 100, isGitHubLog: false }
  if (format.stream) return toStream(format, file, sinks, options)
  if (format.isAdded) return toEnd(format, file, sinks, options)
  const writer = format.binary ?? format
  return {
    push: async (report) => {
      if (!report.interim) await sinks.writeFile(file, await writer.render(report, options))
    },
    fail: async (error) => sinks.writeFile(file, await writer.renderError(error, options)),
    end: async () => {},
  }
}

/** A file that keeps what it holds: the text comes after it. */
function toEnd(format: Format, file: string, sinks: Sinks, options: RenderOptions): Output {
  const place = async (): Promise<RenderOptions> => ({ ...options, taken: await sinks.sizeOf(file) })
  return {
    push: async (report) => {
      if (!report.interim) await sinks.addTo(file, await format.render(report, await place()))
    },
    fail: async (error) => sinks.addTo(file, format.renderError(error, await place())),
    end: async () => {},
  }
}

function toStream(format: Format, file: string, sinks: Sinks, options: RenderOptions): Output {
  let pending: PendingFile | undefined
  let over = false
  const write = async (text: string): Promise<void> => {
    if (over) return
    try {
      pending ??= await sinks.createFile(file)
      await pending.write(text)
    } catch (error) {
      over = true
      await pending?.abandon()
      throw error
    }
  }
  const end = async (): Promise<void> => {
    if (over) return
    over = true
    await pending?.commit()
  }
  return {
    push: async (report) => write(await format.render(report, options)),
    fail: async (error) => {
      await write(format.renderError(error, options))
      await end()
    },
    end,
  }
}
