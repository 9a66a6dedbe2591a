import { percent } from '../../analysis/shape/figure.ts'
import type { ConfigOf } from '../../health-schema/schema.ts'
import { STATUS_WORDS, type Measure } from '../../model/health.ts'
import type { FileSystem } from '../../model/machine-look.ts'
import { plain } from '../../model/text.ts'
import { showBytes, showRatio } from '../../model/unit.ts'
import { worst } from '../../model/verdict.ts'
import { judge, readLevels, type Levels } from '../levels.ts'
import type { Look } from '../look.ts'
import { fitsPattern } from '../pattern.ts'
import { outcomeOf, single, type Remark } from '../remark.ts'
import { usageLevels } from '../usage-levels.ts'

/** What is left of its time for everything else. */
const SHARE_OF_TIME = 0.9
const NO_LEVELS: Levels = { warning: undefined, critical: undefined }
/** There is no figure for one that does not answer, yet it has its place among the measures. */
const NOT_TOLD = { name: 'usage', value: Number.NaN, unit: 'ratio', min: 0, max: 1 } as const

/** What was found out about one file system. */
interface Finding {
  readonly system: FileSystem
  readonly remarks: readonly Remark[]
  readonly measures: readonly Measure[]
  readonly usage: number
}

/** File systems: space, inodes, read-only, silent, missing; all that matter, or those of the paths. */
export const look: Look<'disk'> = async (config, { world, timeoutMs }) => {
  const paths = config.path === undefined ? undefined : [config.path].flat().map((path) => world.resolve(path))
  const found = await world.fileSystems(paths, timeoutMs * SHARE_OF_TIME)
  const excluded = [config.exclude ?? []].flat()
  const systems = onePerMount(found.filter(({ mountpoint }) => !excluded.some((pattern) => fitsPattern(mountpoint, pattern))), config.mounted === true)
  if (systems.length === 0) return single('unknown', found.length === 0 ? 'the system lists no file systems' : 'all file systems are excluded', found.length === 0 ? 'name a path, and see whether /proc is there' : 'name fewer of them under exclude')
  const findings = systems.map((system) => inspect(system, config, paths !== undefined))
  return outcomeOf({
    fine: fineText(findings),
    remarks: findings.flatMap(({ remarks }) => remarks),
    measures: findings.flatMap(({ measures }) => measures),
    details: detailsOf(findings),
  })
}

/** Several paths on one file system are one, unless each must be a mount point; those that are not there are each their own. */
function onePerMount(systems: readonly FileSystem[], mounted: boolean): FileSystem[] {
  const keyOf = ({ answer, path, mountpoint }: FileSystem): string => (mounted || answer === 'absent' ? `path ${path}` : `mount ${mountpoint}`)
  return systems.filter((system, index) => systems.findIndex((other) => keyOf(other) === keyOf(system)) === index)
}

function inspect(system: FileSystem, config: ConfigOf<'disk'>, isNamed: boolean): Finding {
  const name = nameOf(system)
  const alone = (verdict: Remark['verdict'], text: string, recommendation: string): Finding => ({ system, remarks: [{ verdict, text, recommendation }], measures: [{ ...NOT_TOLD, of: system.mountpoint }], usage: Number.NaN })
  const gone = (text: string, recommendation: string): Finding => ({ ...alone('fail', text, recommendation), measures: [{ ...NOT_TOLD, of: system.path }] })
  if (system.answer === 'absent') return gone(`${plain(system.path)} is not there`, 'check how the path is written, and whether its disk is mounted')
  if (config.mounted === true && !system.isMountpoint) return gone(`nothing is mounted on ${plain(system.path)}`, `mount it with: mount ${plain(system.path)}; why it did not come up the kernel tells with: dmesg`)
  if (system.answer === 'silent') return alone('fail', `${name}${sourceOf(system)} does not answer`, `see whether its server or disk is there; until it is, every program that touches ${plain(system.mountpoint)} hangs`)
  if (system.answer === 'broken') return alone('fail', `${name}${sourceOf(system)} is broken: it cannot be read`, `unmount it and mount it again (umount -l ${plain(system.mountpoint)}); what happened the kernel tells with: dmesg`)
  if (system.answer === 'refused') return alone('unknown', `${name} could not be asked for its space`, 'run this as a user who may see it, or exclude it')
  return measure(system, name, config, isNamed)
}

function measure(system: FileSystem, name: string, config: ConfigOf<'disk'>, isNamed: boolean): Finding {
  const { mountpoint, sizeBytes, usedBytes, availableBytes, inodes, inodesFree } = system
  const readOnly = readOnlyRemark(system, name, config, isNamed)
  // Nothing is going to be written to what is read-only by intent: it may well be full.
  const isArchive = system.isReadOnly && readOnly === null
  const levels = (given: typeof config.usage, preset: Levels): Levels => (isArchive && given === undefined ? NO_LEVELS : readLevels(given, 'ratio', preset))
  const of = mountpoint
  const where = plain(mountpoint)
  const usage = judge({
    name: 'usage', of, value: usageOf(system), unit: 'ratio', levels: levels(config.usage, usageLevels('filesystem.usage')), bad: 'above', min: 0, max: 1,
    say: (value) => `${name} is ${value} full, ${showBytes(availableBytes)} left`, recommendation: `remove old logs, caches and backups on ${where}, or make it larger; what is large there tells: du -xhd 2 ${where}`,
  })
  const free = judge({
    name: 'free', of, value: availableBytes, unit: 'bytes', levels: readLevels(config.free, 'bytes'), bad: 'below', min: 0, max: Number.isNaN(sizeBytes) ? undefined : sizeBytes,
    say: (value) => `${name} has only ${value} left`, recommendation: `remove old logs, caches and backups on ${where}, or make it larger; what is large there tells: du -xhd 2 ${where}`,
  })
  // Some make inodes as they need them.
  const nodes = inodes > 0 ? judge({
    name: 'inodes', of, value: (inodes - inodesFree) / inodes, unit: 'ratio', levels: levels(config.inodes, { warning: 0.85, critical: 0.95 }), bad: 'above', min: 0, max: 1,
    say: (value) => `${name} has ${value} of its inodes in use, ${inodesFree} left: no more files can be made when they run out`, recommendation: `remove small files nobody needs on ${where} (sessions, caches, mail queues); where they are tells: du -x --inodes -d 2 ${where}`,
  }) : null
  return {
    system, usage: usageOf(system),
    remarks: [readOnly, usage.remark, free.remark, nodes?.remark ?? null].filter((remark) => remark !== null),
    measures: [usage.measure, ...(usedBytes >= 0 ? [free.measure] : []), ...(nodes ? [nodes.measure] : [])],
  }
}

/** Of those nobody named only one that should be writable; of those named each, unless the configuration says otherwise. */
function readOnlyRemark({ isReadOnly, shouldBeReadOnly, mountpoint }: FileSystem, name: string, { readOnly }: ConfigOf<'disk'>, isNamed: boolean): Remark | null {
  if (!isReadOnly || readOnly === 'ok') return null
  if (shouldBeReadOnly !== false && !isNamed) return null
  return {
    verdict: readOnly ?? 'fail', text: `${name} is read-only${shouldBeReadOnly === false ? ' and should not be' : ''}`,
    recommendation: `look for errors of its disk with dmesg; when it is sound: mount -o remount,rw ${plain(mountpoint)}`,
  }
}

/** As df counts: what is kept back for root is neither in use nor available. */
function usageOf({ sizeBytes, usedBytes, availableBytes }: FileSystem): number {
  if (usedBytes + availableBytes > 0) return usedBytes / (usedBytes + availableBytes)
  return sizeBytes > 0 ? 1 : Number.NaN
}

function nameOf({ path, mountpoint, isMountpoint }: FileSystem): string {
  return isMountpoint ? plain(mountpoint) : `${plain(mountpoint)} (with ${plain(path)})`
}

function sourceOf({ device, type }: FileSystem): string {
  return device === '' || type === '' ? '' : ` (${plain(type, 40)} from ${plain(device, 100)})`
}

function fineText(findings: readonly Finding[]): string {
  const [fullest] = findings.toSorted((a, b) => (b.usage || 0) - (a.usage || 0))
  if (fullest === undefined || Number.isNaN(fullest.usage)) return 'there'
  const said = `${nameOf(fullest.system)} is ${showRatio(fullest.usage)} full, ${showBytes(fullest.system.availableBytes)} left`
  return findings.length === 1 ? said : `${findings.length} file systems, the fullest: ${said}`
}

/** By the last part of the mount point, by all of it where two have the same. */
function detailsOf(findings: readonly Finding[]): Record<string, unknown> {
  const short = ({ system: { mountpoint, path, answer } }: Finding): string => (answer === 'absent' ? path : mountpoint).split('/').findLast((part) => part !== '') ?? 'root'
  const counts = new Map<string, number>()
  for (const finding of findings) counts.set(short(finding), (counts.get(short(finding)) ?? 0) + 1)
  return Object.fromEntries(findings.map((finding) => [plain(counts.get(short(finding)) === 1 ? short(finding) : finding.system.answer === 'absent' ? finding.system.path : finding.system.mountpoint), describe(finding)]))
}

function describe({ system, remarks, usage }: Finding): Record<string, unknown> {
  const { sizeBytes, availableBytes, inodes, inodesFree } = system
  const text = (bytes: number): string | null => (Number.isNaN(bytes) ? null : showBytes(bytes).replace(' ', ''))
  const number = (value: number): number | null => (Number.isNaN(value) ? null : value)
  return {
    total: text(sizeBytes), free: text(availableBytes), usage: Number.isNaN(usage) ? null : `${usage > 0.99 ? Math.floor(usage * 100) : Math.round(usage * 100)}%`,
    status: STATUS_WORDS[worst(remarks.map(({ verdict }) => verdict))],
    mountpoint: plain(system.mountpoint), totalBytes: number(sizeBytes), freeBytes: number(availableBytes), usagePercent: percent(usage),
    inodesPercent: inodes > 0 ? percent((inodes - inodesFree) / inodes) : null, readOnly: system.isReadOnly,
  }
}
