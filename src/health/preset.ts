import type { CheckConfig } from '../health-schema/schema.ts'

type LocalType = Extract<CheckConfig['type'], 'disk' | 'memory' | 'load' | 'pressure' | 'swap' | 'clock' | 'files' | 'network'>

/** The checks of this machine that need no word of configuration and touch no network. */
export const LOCAL_TYPES: readonly LocalType[] = ['disk', 'memory', 'load', 'pressure', 'swap', 'clock', 'files', 'network']

/** The local preset beside what is listed: a check of a listed kind takes the place of the preset's, but disks that are named one by one leave it the others. */
export function localPreset(listed: readonly CheckConfig[]): readonly CheckConfig[] {
  const paths = listed.flatMap((check) => (check.type === 'disk' ? check.path ?? [] : []))
  const isListed = (type: LocalType): boolean => listed.some((check) => check.type === type && !(check.type === 'disk' && check.path !== undefined))
  return LOCAL_TYPES.filter((type) => !isListed(type)).map((type) => (type === 'disk' && paths.length > 0 ? { type, exclude: paths } : { type }))
}
