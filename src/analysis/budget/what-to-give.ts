import type { BudgetLine, BudgetSection } from '../../model/budget.ts'
import { metricNamed } from '../../model/metric.ts'

const LOAD = 'give a load result: medianest-perf load URL --save run.json, then medianest-perf budget run.json (k6, Artillery and others do as well)'
const PAGES = 'give Lighthouse reports, or measure the page now with --lighthouse URL'
const MACHINE = 'measure this machine with --machine, or ask an instance with --url'
const INSTANCE = 'ask an instance with --url, or give a load result whose steps feed it'
const USERS = 'give Lighthouse reports, measure the page now with --lighthouse URL, or ask an instance that keeps its users\' metrics with --url'

const BY_METRIC: readonly (readonly [RegExp, string])[] = [
  [/^(http|checks|iterations?|users|data)(\.|$)/, LOAD],
  [/^(cpu|memory|swap|load|disk|network|filesystem|tcp|pressure|cgroup)\./, MACHINE],
  [/^web\./, USERS],
  [/^(api|db|cache|jobs|service|heap|instance)\./, INSTANCE],
]
const BY_SECTION: Readonly<Record<BudgetSection, string>> = {
  bundles: 'build first: what is to be measured is not there', packages: 'see that package.json and its lock file are there', timing: PAGES, resources: PAGES, lighthouse: PAGES, api: LOAD, backend: LOAD, thresholds: LOAD,
}

/** What somebody has to give so that a line can be measured. */
export function whatToGive({ section, subjects }: Pick<BudgetLine, 'section' | 'subjects'>): string {
  const names = subjects.flatMap((subject) => (subject.kind === 'series' ? [metricNamed(subject.metric) ?? subject.metric] : []))
  return names.flatMap((name) => BY_METRIC.flatMap(([pattern, hint]) => (pattern.test(name) ? [hint] : [])))[0] ?? BY_SECTION[section]
}
