import type { Host, Sink } from '../host.ts'
import type { OutputRequest, Outputs } from '../output/outputs.ts'
import { VERSION } from '../version.ts'
import { nameInRepository } from './repository-path.ts'
import { wantsUnicode } from './terminal.ts'

/** Opens all that a command writes, on the streams and files of this host. Throws UserError `DUPLICATE_OUTPUT` or `NOT_TEXT`. */
export async function openOutputs(host: Host, command: string, requests: readonly OutputRequest[], color: (sink: Sink) => boolean, { inPlace = false, toStderr = false } = {}): Promise<Outputs> {
  const { createOutputs } = await import('../output/outputs.ts')
  const sinks = {
    stdout: (text: string) => host[toStderr ? 'stderr' : 'stdout'].write(text),
    stderr: (text: string) => host.stderr.write(text),
    writeFile: (path: string, data: string | Uint8Array) => host.files.write(path, data),
    createFile: (path: string) => host.files.create(path),
    addTo: (path: string, text: string) => host.files.addTo(path, text),
    sizeOf: (path: string) => host.files.size(path),
  }
  return createOutputs(requests, sinks, {
    command, version: VERSION, host: host.machine.name, inPlace, key: host.env['MEDIANEST_PERF_KEY'] || undefined,
    nameFile: nameInRepository(host), isGitHubLog: host.env['GITHUB_ACTIONS'] === 'true',
    // A terminal may change its size at any time.
    get columns() { return host.stdout.columns },
    get rows() { return host.stdout.rows },
    unicode: wantsUnicode(host), color: color(host.stdout), stderrColor: color(host.stderr),
  })
}
