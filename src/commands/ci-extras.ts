import type { Host } from '../host.ts'
import { UserError } from '../model/error.ts'
import type { Report } from '../model/report.ts'
import { plain } from '../model/text.ts'
import { FORMATS } from '../output/formats.ts'
import type { FailureLike } from '../output/format.ts'
import type { OutputRequest, Outputs } from '../output/outputs.ts'
import type { CiService } from './ci-service.ts'

/** What is told to a service besides what was asked for; none of it can fail the run. */
export interface CiExtras {
  push(report: Report): Promise<void>
  fail(error: FailureLike): Promise<void>
  /** Tells the exit code. */
  end(code: number): Promise<void>
}

/** What extras work with. */
export interface CiWorld {
  readonly host: Pick<Host, 'env' | 'files' | 'stderr'>
  readonly command: string
  /** What was asked for, which is not done twice. */
  readonly requests: readonly OutputRequest[]
  /** Opens outputs of which what has no file goes to stderr. */
  readonly open: (requests: readonly OutputRequest[]) => Promise<Outputs>
  readonly note: (text: string) => Promise<void>
}

/** Where reports go in a project on GitLab; its template names it too. */
export const GITLAB_FOLDER = 'medianest-perf-reports'

/** The extras for a service. */
export function openExtras(service: CiService, world: CiWorld): CiExtras {
  return service === 'github' ? forGitHub(world) : forGitLab(world)
}

/** Annotations on stderr, so that what scripts read on stdout stays whole, the summary of the step, and its outputs. */
function forGitHub(world: CiWorld): CiExtras {
  const { host: { env, files }, open } = world
  const summary = env['GITHUB_STEP_SUMMARY'] || null
  const wanted: readonly OutputRequest[] = [{ format: FORMATS.github, file: null }, ...(summary === null ? [] : [{ format: FORMATS['step-summary'], file: summary }])].filter((request) => !isAsked(world, request))
  let verdict = 'error'
  return {
    push: async (report) => {
      verdict = report.verdict
      for (const request of wanted) await attempt(world, async () => tell(world, await open([request]), report))
    },
    fail: async (error) => {
      verdict = 'error'
      for (const request of wanted) await (await open([request])).fail(error)
    },
    end: async (code) => {
      const file = env['GITHUB_OUTPUT']
      // Both are words of ours without line breaks, so the plain form of the file is safe.
      if (file) await attempt(world, () => files.addTo(file, `verdict=${verdict}\nexit-code=${code}\n`))
    },
  }
}

/** Reports that a job can give to merge requests, in one folder of the project. */
function forGitLab(world: CiWorld): CiExtras {
  const { host: { env, files }, command, open, note } = world
  const folder = files.resolve(env['CI_PROJECT_DIR'] || '.', GITLAB_FOLDER)
  const junit: OutputRequest = { format: FORMATS.junit, file: files.resolve(folder, `${command}.junit.xml`) }
  const metrics: OutputRequest = { format: FORMATS['gitlab-metrics'], file: files.resolve(folder, `${command}.metrics.txt`) }
  const write = async (requests: readonly OutputRequest[], act: (outputs: Outputs) => Promise<void>): Promise<void> => {
    const wanted = requests.filter((request) => !isAsked(world, request))
    if (wanted.length === 0) return
    await attempt(world, async () => {
      await files.makeFolder(folder)
      for (const request of wanted) await act(await open([request]))
      await note(`for GitLab: ${wanted.map(({ format }) => format.name).join(' and ')} in ${GITLAB_FOLDER}/${command}.*`)
    })
  }
  return {
    push: (report) => write([junit, ...(report.figures ? [metrics] : [])], (outputs) => tell(world, outputs, report)),
    fail: (error) => write([junit], (outputs) => outputs.fail(error)),
    end: async () => {},
  }
}

/** Whether somebody asked for the format by its name, or has given the file to another one. */
function isAsked({ requests, host: { files } }: CiWorld, { format, file }: OutputRequest): boolean {
  return requests.some((each) => each.format.name === format.name || (file !== null && each.file !== null && files.resolve(each.file) === files.resolve(file)))
}

async function tell({ host }: CiWorld, outputs: Outputs, report: Report): Promise<void> {
  const told = await outputs.push(report)
  await outputs.end()
  for (const { title } of told.findings.slice(report.findings.length)) await host.stderr.write(missing(title))
}

/** A pipeline's own file that cannot be written is said, and nothing more: what was measured stands. */
async function attempt({ host }: CiWorld, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    await host.stderr.write(missing(error.message))
  }
}

function missing(message: string): string {
  return `the pipeline is not told all (the result stands): ${plain(message)}\n`
}
