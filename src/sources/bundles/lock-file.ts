import { plain } from '../../model/text.ts'
import { isRecord, listAt, numberAt, recordAt, textAt, type Entries } from '../artifacts/json-value.ts'
import { badProject } from './problems.ts'

/** Names that package.json brings along: `dependencies` and `optionalDependencies`. Throws UserError `CANNOT_MEASURE` where those are no maps. */
export function directDependencies(project: Entries): readonly string[] {
  return [...new Set((['dependencies', 'optionalDependencies'] as const).flatMap((kind) => Object.keys(dependenciesOf(project, kind))))].sort()
}

function dependenciesOf(project: Entries, kind: 'dependencies' | 'optionalDependencies'): Entries {
  const found = project[kind] ?? {}
  if (!isRecord(found)) throw badProject(`"${kind}" of package.json is not a map`, 'correct it')
  return found
}

/**
 * What npm installs for production by its lock file of version 2 or 3: each `name@version` once. Left out: what is only for development, what is optional
 * (which of those are installed depends on the platform), links to workspaces. Throws UserError `CANNOT_MEASURE` where the lock file is old or not this project's.
 * Source: https://docs.npmjs.com/cli/configuring-npm/package-lock-json
 */
export function installedPackages(lock: unknown, project: Entries, file: string): readonly string[] {
  const packages = recordAt(lock, 'packages')
  if (!packages) {
    const version = numberAt(lock, 'lockfileVersion')
    throw badProject(`${file} is of version ${version ?? 'unknown'} and does not say what is installed`, 'write it anew with: npm install --package-lock-only --lockfile-version=3')
  }
  const promised = directDependencies(recordAt(packages, '') ?? {})
  const named = directDependencies(project)
  const differing = [...named.filter((name) => !promised.includes(name)), ...promised.filter((name) => !named.includes(name))]
  if (differing.length > 0) throw badProject(`${file} does not belong to package.json: they differ in ${differing.slice(0, 5).join(', ')}`, 'bring it up to date with: npm install')

  const absent = Object.keys(dependenciesOf(project, 'dependencies')).find((name) => !Object.hasOwn(packages, `node_modules/${name}`))
  if (absent !== undefined) throw badProject(`${file} does not have ${plain(absent, 80)}, which package.json names`, 'bring it up to date with: npm install')

  const installed = Object.entries(packages).flatMap(([path, entry]) => {
    const at = path.lastIndexOf('node_modules/')
    if (at < 0 || !isRecord(entry)) return []
    if (['dev', 'devOptional', 'optional', 'link', 'extraneous'].some((mark) => entry[mark] === true)) return []
    return [`${textAt(entry, 'name') ?? path.slice(at + 'node_modules/'.length)}@${textAt(entry, 'version') ?? textAt(entry, 'resolved') ?? '?'}`]
  })
  return [...new Set(installed)].sort()
}

/** Files and folders that `files` of package.json names without a star. */
export function packedPaths(project: Entries): readonly string[] {
  return (listAt(project, 'files') ?? []).flatMap((path) => (typeof path === 'string' && !/[*?[{!]/.test(path) ? [path.replace(/^\/+/, '')] : []))
}
