import type { Host } from '../host.ts'
import type { OpenWorld } from '../sources/application/open-sources.ts'

/** The outside as sources of an application see it. */
export function sourceWorld(host: Host): OpenWorld {
  return {
    now: () => host.now(), wallTime: () => host.wallTime(), env: host.env,
    readFile: async (path) => (await import('../health/regular-file.ts')).readRegularFile(host.files.resolve(path)),
  }
}
