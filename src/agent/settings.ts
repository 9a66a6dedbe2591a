import type { Utilisation } from '../analysis/zone.ts'
import { readLogLevel, type LogLevel } from '../api/server/log-level.ts'
import type { CollectFile } from '../collect-schema/schema.ts'
import { readLevel } from '../health-schema/level.ts'
import { badVariable } from './errors.ts'

/** How an instance collects, everything filled in. */
export interface CollectSettings {
  /** Whether anything is collected but what is asked for. */
  readonly isEnabled: boolean
  /** Whether sources of medium and low priority are collected. */
  readonly isDetailed: boolean
  /** From one look at this machine to the next. */
  readonly intervalMs: number
  /** Most values of a batch, and how long it may wait. */
  readonly batchSize: number
  readonly flushMs: number
  /** Whether values are folded together where there is little room, and the least share that is to go then. */
  readonly isCompressed: boolean
  readonly compressionRatio: number
  /** Whether zones stretch intervals and shed sources. */
  readonly isAdaptive: boolean
  /** Whether insights are correlated; this version finds no correlations, and says so either way. */
  readonly isCorrelated: boolean
  /** From where on there is little room: shares of processors and memory, bytes of Redis. */
  readonly limits: Utilisation
  readonly logLevel: LogLevel
}

type Env = Readonly<Record<string, string | undefined>>

/**
 * A look takes about a tenth of a millisecond, so this machine is looked at every 5 seconds, not every 30 as the reference has it; the other defaults
 * are the reference's.
 */
const DEFAULTS: Omit<CollectSettings, 'logLevel'> = {
  isEnabled: true, isDetailed: true, intervalMs: 5_000, batchSize: 250, flushMs: 15_000, isCompressed: true, compressionRatio: 0.3, isAdaptive: true, isCorrelated: true,
  limits: { cpu: 0.7, memory: 0.8, redisMemory: 100e6 },
}

const LONGEST_MS = 86_400_000

/** How to collect: environment, then the `collect` section, then the defaults. Throws UserError `INVALID_VALUE` that names the variable. */
export function settingsOf(file: CollectFile | undefined, env: Env): CollectSettings {
  const { thresholds } = file ?? {}
  const ms = (text: string | number | undefined): number | undefined => (text === undefined ? undefined : readLevel(text, 'ms'))
  return {
    isEnabled: flagOf(env, 'ENABLE_PERFORMANCE_MONITORING') ?? DEFAULTS.isEnabled,
    isDetailed: !(flagOf(env, 'DISABLE_DETAILED_MONITORING') ?? !DEFAULTS.isDetailed),
    // A machine that is asked without a pause would do nothing else.
    intervalMs: Math.max(1_000, ms(file?.interval) ?? DEFAULTS.intervalMs),
    batchSize: numberOf(env, 'PERFORMANCE_BATCH_SIZE', { least: 1, most: 100_000, isWhole: true, example: '250' }) ?? file?.batchSize ?? DEFAULTS.batchSize,
    flushMs: Math.max(100, numberOf(env, 'PERFORMANCE_FLUSH_INTERVAL', { least: 100, most: LONGEST_MS, isWhole: true, example: '15000 (milliseconds)' }) ?? ms(file?.flushInterval) ?? DEFAULTS.flushMs),
    isCompressed: flagOf(env, 'ENABLE_METRIC_COMPRESSION') ?? file?.compression ?? DEFAULTS.isCompressed,
    compressionRatio: file?.compressionRatio === undefined ? DEFAULTS.compressionRatio : readLevel(file.compressionRatio, 'ratio'),
    isAdaptive: flagOf(env, 'ENABLE_ADAPTIVE_INTERVALS') ?? file?.adaptive ?? DEFAULTS.isAdaptive,
    isCorrelated: flagOf(env, 'ENABLE_INSIGHT_CORRELATION') ?? DEFAULTS.isCorrelated,
    limits: {
      cpu: percentOf(env, 'PERFORMANCE_CPU_THRESHOLD', '70') ?? (thresholds?.cpu === undefined ? DEFAULTS.limits.cpu : readLevel(thresholds.cpu, 'ratio')),
      memory: percentOf(env, 'PERFORMANCE_MEMORY_THRESHOLD', '80') ?? (thresholds?.memory === undefined ? DEFAULTS.limits.memory : readLevel(thresholds.memory, 'ratio')),
      redisMemory: megabytesOf(env) ?? (thresholds?.redisMemory === undefined ? DEFAULTS.limits.redisMemory : readLevel(thresholds.redisMemory, 'bytes')),
    },
    logLevel: readLogLevel(env),
  }
}

const FLAGS: Readonly<Record<string, boolean>> = { true: true, '1': true, yes: true, on: true, false: false, '0': false, no: false, off: false }

function flagOf(env: Env, name: string): boolean | undefined {
  const text = env[name]?.trim().toLowerCase()
  if (text === undefined || text === '') return undefined
  if (!Object.hasOwn(FLAGS, text)) throw badVariable(name, text, 'true or false', 'true')
  return FLAGS[text]
}

function numberOf(env: Env, name: string, { least, most, isWhole = false, example }: { readonly least: number; readonly most: number; readonly isWhole?: boolean; readonly example: string }): number | undefined {
  const text = env[name]?.trim()
  if (text === undefined || text === '') return undefined
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN
  if (!(value >= least && value <= most) || (isWhole && !Number.isInteger(value))) throw badVariable(name, text, `a ${isWhole ? 'whole ' : ''}number from ${least} to ${most}`, example)
  return value
}

function percentOf(env: Env, name: string, example: string): number | undefined {
  const percent = numberOf(env, name, { least: 1, most: 100, example: `${example} (percent)` })
  return percent === undefined ? undefined : percent / 100
}

function megabytesOf(env: Env): number | undefined {
  const megabytes = numberOf(env, 'PERFORMANCE_REDIS_MEMORY_THRESHOLD', { least: 1, most: 1e9, example: '100 (megabytes)' })
  return megabytes === undefined ? undefined : megabytes * 1e6
}
