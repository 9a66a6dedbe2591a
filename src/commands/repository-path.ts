import { isAbsolute, relative, resolve, sep } from 'node:path'
import type { Host } from '../host.ts'

/**
 * How a pipeline calls the files that we name from the working directory: from the folder of its repository, whose name is in `GITHUB_WORKSPACE` or `CI_PROJECT_DIR`. Files
 * elsewhere keep their names; undefined where no pipeline says its folder, or we do not run in it.
 */
export function nameInRepository({ env, cwd }: Pick<Host, 'env' | 'cwd'>): ((file: string) => string) | undefined {
  const top = env['GITHUB_WORKSPACE'] || env['CI_PROJECT_DIR'] || ''
  const inside = (path: string): string | undefined => {
    const name = relative(top, path)
    return isAbsolute(name) || name === '..' || name.startsWith(`..${sep}`) ? undefined : name.replaceAll(sep, '/')
  }
  if (!isAbsolute(top) || inside(cwd) === undefined) return undefined
  return (file) => inside(resolve(cwd, file)) ?? file
}
