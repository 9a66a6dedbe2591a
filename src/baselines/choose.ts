import { comparable } from '../analysis/compare/comparable.ts'
import type { Measurements } from '../model/measurements.ts'
import { plural } from '../model/text.ts'
import { groupsOf, type Group } from './groups.ts'
import { environmentId, type KeptBaseline } from './kept-baseline.ts'

/** What a baseline is looked for to stand beside. */
export interface Wanted {
  readonly format: Measurements['format']
  readonly surroundings: Measurements['surroundings']
  readonly name: string | null
  /** Runs that are to be judged, so that none is compared with itself. */
  readonly digests: ReadonlySet<string>
}

/** The runs that were found; those that were measured otherwise are better than none only to say what differs. */
export interface Choice {
  readonly runs: readonly KeptBaseline[]
  /** What else is kept and why it was not taken, a phrase each. */
  readonly passedOver: readonly string[]
}

/** The runs of one kind to compare with: of the same tool, name, plan and environment; else the newest of the same tool and name. */
export function chooseRuns(kept: readonly KeptBaseline[], { format, surroundings, name, digests }: Wanted): Choice {
  const same = kept.filter(({ facts }) => facts.format === format && facts.name === name)
  const others = kept.filter((each) => !same.includes(each))
  const fresh = once(same.filter(({ facts }) => !digests.has(facts.digest)))
  const own = same.filter(({ facts }) => digests.has(facts.digest)).length
  const fits = ({ newest }: Group): number => (comparable(newest.surroundings, surroundings).comparable ? 2 : 0) + (newest.facts.plan === surroundings.plan ? 1 : 0)
  const isOwn = ({ newest }: Group): number => (newest.facts.environment.id === environmentId(surroundings) ? 1 : 0)
  const groups = groupsOf(fresh).sort((a, b) => fits(b) - fits(a) || isOwn(b) - isOwn(a) || b.newest.at - a.newest.at)
  const [chosen, ...rest] = groups
  const kinds = [...new Set(others.map(({ facts }) => (facts.name === name ? facts.format : facts.name === null ? 'without a name' : `named "${facts.name}"`)))]
  return {
    runs: chosen?.runs ?? [],
    passedOver: [
      ...(own > 0 ? [`${plural(own, 'run')} that ${own === 1 ? 'is' : 'are'} compared here: nothing is compared with itself`] : []),
      ...rest.map(({ runs, newest }) => `${plural(runs.length, 'run')} measured otherwise (${comparable(newest.surroundings, surroundings).reasons.join('; ') || 'in another environment'})`),
      ...(others.length > 0 ? [`${plural(others.length, 'run')} of something else (${kinds.slice(0, 5).join(', ')})`] : []),
    ],
  }
}

/** Two who saved or promoted the same run at the same time have not measured it twice. */
function once(kept: readonly KeptBaseline[]): KeptBaseline[] {
  const isSame = ({ facts: one }: KeptBaseline, { facts: other }: KeptBaseline): boolean => one.digest === other.digest && one.kind === other.kind && one.commit === other.commit
  return kept.filter((each, nth) => !kept.slice(nth + 1).some((later) => isSame(each, later)))
}
