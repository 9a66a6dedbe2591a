const MARK = '?first-party='

/** The name of what others than `firstParty` bring to a page, in Lighthouse's words: `resource-summary:third-party:size?first-party=example.com`; no hosts, and Lighthouse tells by itself who is who. */
export function thirdPartyMetric(measure: 'size' | 'count', firstParty: readonly string[]): string {
  return `resource-summary:third-party:${measure}${firstParty.length === 0 ? '' : `${MARK}${firstParty.join(',')}`}`
}

/** The hosts that such a name has; undefined for any other. */
export function firstPartyOf(metric: string): readonly string[] | undefined {
  const [name = '', hosts] = metric.split(MARK)
  return hosts === undefined || !name.startsWith('resource-summary:third-party:') ? undefined : hosts.split(',')
}
