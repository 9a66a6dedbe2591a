import type { HealthSection } from '../config.ts'
import type { HealthWorld } from '../health/world.ts'
import type { Host } from '../host.ts'
import type { MachineLook } from '../model/machine-look.ts'

/** The world as checks see it, for as long as there are checks to run. */
export interface OpenHealthWorld extends HealthWorld {
  /** What this machine said of itself when it was asked last; null where no check has asked. */
  lastLook(): MachineLook | null
  close(): void
}

/** Opens the world; what stands behind it is loaded when a check asks for it. */
export function openHealthWorld(host: Host, section: HealthSection | null): OpenHealthWorld {
  const open = async () => (await import('../sources/health-look.ts')).openHealthLook(host)
  let opened: ReturnType<typeof open> | undefined
  const look = (): ReturnType<typeof open> => (opened ??= open())
  let last: MachineLook | null = null
  return {
    now: () => host.now(),
    wallTime: () => host.wallTime(),
    random: () => host.seed() / 2 ** 32,
    env: host.env,
    cores: host.machine.cores,
    readFile: async (path) => (await import('../health/regular-file.ts')).readRegularFile(host.files.resolve(path)),
    resolve: (path) => (section ? section.resolve(path) : host.files.resolve(path)),
    machine: async () => (last = await (await look()).machine()),
    usage: async (overMs, signal) => (await look()).usage(overMs, signal),
    fileSystems: async (paths, deadlineMs) => (await look()).fileSystems(paths, deadlineMs),
    kill: (pid, signal) => host.kill(pid, signal),
    processes: async () => (await look()).processes(),
    askInstance: async (question, signal) => {
      const { fetchHealth } = await import('../api/health.ts')
      return fetchHealth({ ...question, now: () => host.now(), wallTime: () => host.wallTime().getTime() }, { detailed: true, timeoutSeconds: question.timeoutMs / 1_000 }, signal)
    },
    lastLook: () => last,
    close: () => void opened?.then((each) => each.close(), () => undefined),
  }
}
