/** A service that runs pipelines and can be told what was found. */
export type CiService = 'github' | 'gitlab'

/** The service this process runs in; null where it is none we know, or nothing is wanted: `MEDIANEST_PERF_CI=off`. */
export function ciService(env: Readonly<Record<string, string | undefined>>): CiService | null {
  if (/^(off|no|false|0)$/i.test(env['MEDIANEST_PERF_CI'] ?? '')) return null
  if (env['GITHUB_ACTIONS'] === 'true') return 'github'
  return env['GITLAB_CI'] === 'true' ? 'gitlab' : null
}
