import * as z from 'zod/mini'
import type { Flow, Step } from '../../model/plan.ts'
import { invalidTarget, noTarget, unsupported } from './errors.ts'
import { isTemplate } from './quantity.ts'
import type { Spot } from './spot.ts'

/** Where a scenario's target may come from. */
export interface TargetSources {
  /** `--target`. */
  readonly flag?: string | undefined
  readonly written?: string | undefined
  /** The key to write it under, `config.target`. */
  readonly key: string
  readonly spot: Spot
  /** Whether a template that is left in it means that its environment variable is not set. */
  readonly filled?: boolean
}

/**
 * The target: the flag's, else the file's, else the origin of the flows' first address when all are absolute.
 * Throws UserError `NO_TARGET`, `INVALID_TARGET` or `UNSUPPORTED`.
 */
export function readTarget({ flag, written, key, spot, filled = false }: TargetSources, flows: readonly Flow[]): string {
  if (flag !== undefined) return checkTarget(flag, { ...spot, where: () => ({ file: '--target', line: 1, column: 1 }) })
  if (written !== undefined && filled && isTemplate(written)) throw invalidTarget('the target', written, 'names something that is not set', 'set the environment variable or pass --target', spot.where())
  if (written !== undefined) return checkTarget(written, spot)
  const urls = flows.flatMap(({ steps }) => urlsOf(steps))
  const first = urls.find((url) => /^https?:\/\//i.test(url) && URL.canParse(url))
  if (first === undefined || !urls.every((url) => /^https?:\/\//i.test(url))) throw noTarget(spot.file, key, spot.where())
  return new URL(first).origin
}

/** Further targets by name; templates find each address as a variable. */
export const targetsSchema = z.record(z.string(), z.string())

/** The named targets: addresses, or the word `demo`. Throws UserError `INVALID_TARGET` or `UNSUPPORTED`. */
export function readTargets(written: Readonly<Record<string, string>> | undefined, spot: Spot): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(written ?? {}).map(([name, target]) => [name, checkTarget(target, spot.at(name))]))
}

function checkTarget(written: string, spot: Spot): string {
  const target = written.trim()
  const fail = (problem: string, hint: string): Error => invalidTarget('the target', target, problem, hint, spot.where())
  if (target === 'demo' || isTemplate(target)) return target
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(target)?.[1]?.toLowerCase()
  if (scheme === 'ws' || scheme === 'wss') throw unsupported('WebSocket', 'only HTTP scenarios run', spot.where())
  if (scheme === undefined) throw fail('is not an address', target === '' ? 'write it like http://localhost:3000' : `did you mean http://${target}?`)
  if (scheme !== 'http' && scheme !== 'https') throw fail('is not http or https', 'write it like http://localhost:3000')
  if (!URL.canParse(target)) throw fail('cannot be read', 'write it like http://localhost:3000')
  const url = new URL(target)
  // Whoever reads the result would read the password too.
  if (url.username !== '' || url.password !== '') throw invalidTarget('the target', `${url.protocol}//…@${url.host}`, 'has a user name and password', 'put them into the "auth" of the requests', spot.where())
  return target
}

/** An address as origin and the path that requests without one go to. */
export function splitAddress(address: string): { readonly origin: string; readonly path: string } {
  if (!URL.canParse(address)) return { origin: address, path: '/' }
  const url = new URL(address)
  return { origin: url.origin, path: `${url.pathname}${url.search}` }
}

function urlsOf(steps: readonly Step[]): string[] {
  return steps.flatMap((step) => (step.kind === 'request' ? [step.url] : step.kind === 'loop' || step.kind === 'group' ? urlsOf(step.steps) : []))
}
