import { verdictOf } from '../analysis/health-score.ts'
import { configureChecks } from '../health/configure.ts'
import { runChecks } from '../health/run.ts'
import { UserError } from '../model/error.ts'
import type { CheckResult } from '../model/health.ts'
import { parseDuration } from '../model/unit.ts'
import type { Verdict } from '../model/verdict.ts'
import { lookAtInstance } from './health-instance.ts'
import type { HealthContext } from './health-run.ts'
import type { OpenHealthWorld } from './health-world.ts'
import { oneInstance, type Instance } from './instance.ts'

/** For all checks together, as the API has it. */
const TOTAL_MS = 30_000

/** What one run found. */
export interface Looked {
  readonly results: readonly CheckResult[]
  readonly verdict: Verdict
  /** Of the system that was checked, milliseconds; null where it is not known. */
  readonly uptimeMs: number | null
  /** Whether the verdict, and this score, are an instance's own word. */
  readonly ownWord?: { readonly score: number | null } | undefined
  readonly notes: readonly string[]
}

/** One way to find out how a system is. */
export interface Looker {
  readonly name: string
  look(signal: AbortSignal): Promise<Looked>
}

/** Looks at this machine and what the configuration names, or asks an instance. Throws UserError for what is wrong with flags and configuration. */
export async function lookerOf(context: HealthContext, world: OpenHealthWorld): Promise<Looker> {
  const asked = await instanceOf(context)
  return asked ? instanceLooker(context, asked) : localLooker(context, world)
}

/** The instance that a flag names, or, where nothing is said of checks of our own, environment or configuration. */
async function instanceOf({ instances, flags, config, global }: HealthContext): Promise<Instance | null> {
  if (!global.namesInstance && (flags.check !== undefined || config.health !== null)) return null
  return oneInstance(await instances())
}

function instanceLooker(context: HealthContext, asked: Instance): Looker {
  const { host, config, flags, global } = context
  if (flags.check) throw new UserError({ code: 'USAGE', kind: 'usage', message: 'an instance checks what it is set up to check, so --check means nothing to it', hint: 'leave out --url to check from here, or pick some of its components with --components' })
  const components = flags.components?.flatMap((list) => list.split(',')).map((name) => name.trim()).filter((name) => name !== '')
  return lookAtInstance(asked, { host, components, detailed: flags.detailed ?? false, timeoutMs: global.timeoutMs ?? config.instance.timeoutMs ?? totalMsOf(context) })
}

function localLooker(context: HealthContext, world: OpenHealthWorld): Looker {
  const { host, config, flags } = context
  const { checks, windows } = configureChecks({ section: config.health, targets: flags.check ?? [], components: flags.components }, world)
  const timeoutMs = totalMsOf(context)
  return {
    name: host.machine.name,
    look: async (signal) => {
      const results = await runChecks(checks, { world, windows, signal, timeoutMs })
      return {
        results,
        verdict: verdictOf(results),
        uptimeMs: world.lastLook()?.samples.get('uptime')?.get('') ?? null,
        notes: results.length === 0 ? ['there was nothing to check: list checks in the configuration (health.checks), or name them with --check'] : [],
      }
    },
  }
}

/** The time all checks have together: flag > environment > configuration. */
function totalMsOf({ host, config, global }: HealthContext): number {
  const text = host.env['MEDIANEST_TIMEOUT'] ?? config.health?.file.timeout
  return global.timeoutMs ?? (text === undefined ? TOTAL_MS : parseDuration(String(text)))
}
