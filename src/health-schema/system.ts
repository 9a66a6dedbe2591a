import * as z from 'zod/mini'
import { bytesText, COMMON, countNumber, durationText, levels, ratioText, texts } from './parts.ts'

/** Checks of this machine. */
export const SYSTEM_CHECKS = [
  z.strictObject({
    type: z.literal('disk'), ...COMMON,
    /** A path on the file system, or several; all file systems that matter where it is left out. */
    path: z.optional(texts),
    /** Mount points left out, where `*` stands for anything and `?` for one character. */
    exclude: z.optional(texts),
    usage: levels(ratioText),
    inodes: levels(ratioText),
    /** Space that is left: alerts when there is less. */
    free: levels(bytesText, 'below'),
    /** What a file system that is mounted read-only against its entry in fstab, or that was named here, counts for. */
    readOnly: z.optional(z.enum(['fail', 'warn', 'ok'])),
    /** Each path must be a mount point itself: a disk that did not come up leaves its empty folder behind. */
    mounted: z.optional(z.boolean()),
  }),
  z.strictObject({ type: z.literal('memory'), ...COMMON, usage: levels(ratioText), /** Memory programs could still get: alerts when there is less. */ available: levels(bytesText, 'below') }),
  z.strictObject({
    type: z.literal('cpu'), ...COMMON,
    /** Share of the processors this system may use that is busy. */
    usage: levels(ratioText),
    /** How long it watches; the check takes as long. */
    over: z.optional(durationText),
  }),
  z.strictObject({ type: z.literal('load'), ...COMMON, /** Load divided by the processors that may be used. */ perCore: levels(countNumber), /** Over how many minutes. */ average: z.optional(z.union([z.literal(1), z.literal(5), z.literal(15)])) }),
  z.strictObject({ type: z.literal('pressure'), ...COMMON, cpu: levels(ratioText), memory: levels(ratioText), io: levels(ratioText) }),
  z.strictObject({ type: z.literal('swap'), ...COMMON, usage: levels(ratioText) }),
  z.strictObject({
    type: z.literal('clock'), ...COMMON,
    /** A time server (NTP) to compare with, `host` or `host:port`; without one, what the time service of this machine says. */
    server: z.optional(z.string()),
    offset: levels(durationText),
  }),
  z.strictObject({ type: z.literal('files'), ...COMMON, usage: levels(ratioText) }),
  z.strictObject({ type: z.literal('network'), ...COMMON, /** Interfaces that must be up; where left out, one of the real ones must be. */ interfaces: z.optional(texts) }),
  z.strictObject({
    type: z.literal('process'), ...COMMON,
    /** The short name of a program (`nginx`), or the file it runs. */
    process: z.optional(z.string()),
    /** A piece of its command line. */
    command: z.optional(z.string()),
    user: z.optional(z.string()),
    /** A file with its process id; the process must be alive and, where `process` is given, be that program. */
    pidFile: z.optional(z.string()),
    /** How many there must be; one or more where it is left out. */
    count: z.optional(z.strictObject({ min: z.optional(z.int().check(z.gte(0))), max: z.optional(z.int().check(z.gte(0))) })),
    /** Resident memory of all of them. */
    memory: levels(bytesText),
  }).check(({ value, issues }) => {
    const { process, command, user, pidFile, count } = value
    if ([process, command, user, pidFile].every((each) => each === undefined)) issues.push({ code: 'custom', input: value, message: 'must say which process: by process, command, user or pidFile' })
    if (count?.min !== undefined && count.max !== undefined && count.min > count.max) issues.push({ code: 'custom', path: ['count', 'max'], input: count.max, message: `must not be below min (${count.min})` })
  }),
  z.strictObject({ type: z.literal('systemd'), ...COMMON, unit: texts }),
  z.strictObject({
    type: z.literal('store'), ...COMMON,
    /** The agent's SQLite file. */
    path: z.string(),
    /** Time since it was last written to. */
    age: levels(durationText),
    size: levels(bytesText),
  }),
  z.strictObject({
    type: z.literal('command'), ...COMMON,
    /** A Nagios plugin, or any program that ends with 0, 1, 2 or 3: a list of words, or one text with words in quotes. No shell reads it. */
    command: texts,
    env: z.optional(z.record(z.string(), z.string())),
    directory: z.optional(z.string()),
  }),
] as const
