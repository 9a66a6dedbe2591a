import type { HealthChecks } from '../agent/health-checks.ts'
import type { Log } from '../agent/log.ts'
import type { UserMetrics } from '../agent/user-metrics.ts'
import type { Config } from '../config.ts'
import type { Resident } from '../contract/resident.ts'
import type { Host } from '../host.ts'
import type { ServeFile } from '../serve-schema/schema.ts'
import { VERSION } from '../version.ts'
import { factsOf } from './metrics-report.ts'
import { openHealthWorld } from './health-world.ts'
import { sourceWorld } from './source-world.ts'

/** Opens the instance that is served. Throws UserError for sources, checks or a state that cannot be opened. */
export type OpenResident = (host: Host, config: Config, log: Log) => Promise<Resident>

/** This machine, with the sources, checks and limits of the configuration. */
export const openResident: OpenResident = async (host, config, log) => {
  const [{ openResident: open }, { settingsOf }, { openSources, disabledSources }, { openLoadTests }, { openLane }] = await Promise.all([
    import('../agent/resident.ts'), import('../agent/settings.ts'), import('../sources/application/open-sources.ts'), import('../agent/load-tests/load-tests.ts'),
    host.machine.platform === 'linux' ? import('../sources/linux-lane.ts') : import('../sources/elsewhere-lane.ts'),
  ])
  const settings = settingsOf(config.collect?.file, host.env)
  const health = await openChecks(host, config)
  const userMetrics = await openIntake(host, config.serve?.file.clientMetrics)
  const sources = config.collect === null ? [] : await openSources(config.collect, sourceWorld(host))
  const off = config.collect === null ? [] : disabledSources(config.collect)
  return open({
    world: { now: () => host.now(), wallTime: () => host.wallTime(), usage: () => host.usage(), files: host.files, log },
    settings, health, userMetrics,
    sources: [...sources, ...off],
    disabled: new Set(off.map(({ id }) => id)),
    lane: openLane(host),
    facts: factsOf(host, { name: host.machine.name, kind: 'local' }),
    loadTests: openLoadTests({ host, section: config.serve?.file.loadTest }),
    statePath: config.serve?.file.state === undefined ? null : config.serve.resolve(config.serve.file.state),
    commandLines: config.serve?.file.commandLines ?? false,
    version: VERSION,
  })
}

/** The checks that `health` would run here. */
async function openChecks(host: Host, { health }: Config): Promise<HealthChecks> {
  const [{ configureChecks }, { runChecks }] = await Promise.all([import('../health/configure.ts'), import('../health/run.ts')])
  const { checks, windows } = configureChecks({ section: health, targets: [] }, openHealthWorld(host, health))
  return {
    checks: checks.map(({ name, component, isOptional }) => ({ name, component, isCritical: !isOptional })),
    run: async (names, { signal, timeoutMs }) => {
      // A world remembers what a check has seen: each run has one of its own.
      const world = openHealthWorld(host, health)
      try {
        return await runChecks(configureChecks({ section: health, targets: [] }, world).checks.filter(({ name }) => names.includes(name)), { world, windows, signal, timeoutMs })
      } finally {
        world.close()
      }
    },
  }
}

/** What browsers tell. */
async function openIntake(host: Host, limits: ServeFile['clientMetrics']): Promise<UserMetrics> {
  const { openUserMetrics } = await import('../analysis/user-metrics/user-metrics.ts')
  const { maxPages, maxClients } = limits ?? {}
  const intake = openUserMetrics({ ...(maxPages === undefined ? {} : { maxPages }), ...(maxClients === undefined ? {} : { maxClients }) })
  const now = (): number => host.wallTime().getTime()
  return {
    submit: (body, { caller }) => intake.take(caller, 'metrics' in body ? body.metrics : body, now(), caller.userAgent),
    me: (all, { caller }) => ({
      metrics: (all ? intake.ofAll(now()) : intake.ofClient(caller.id, now())).map((row) => ({ ...row })),
      summary: intake.summary(all ? {} : { client: caller.id }, now()).map((figure) => ({ ...figure })),
    }),
    samples: () => intake.samples(now()),
  }
}
