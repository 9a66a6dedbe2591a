import type { ChildProcess } from '../child-process.ts'
import type { Host } from '../host.ts'
import { UserError } from '../model/error.ts'
import type { Plan } from '../model/plan.ts'

/** A plan whose targets are all addresses, and the demos that were started for it. */
export interface Demos {
  readonly plan: Plan
  stop(): Promise<void>
}

/** Starts a demo in a process of its own for each target that says `demo`. Throws UserError `DEMO_FAILED`. */
export async function startDemos(plan: Plan, host: Host): Promise<Demos> {
  const children: ChildProcess[] = []
  const stop = async (): Promise<void> => {
    await Promise.all(children.map((child) => child.stop()))
  }
  const resolve = async (target: string): Promise<string> => {
    if (target !== 'demo') return target
    const child = host.spawnSelf(['demo', '--child', '--quiet', '--format', 'ndjson'])
    children.push(child)
    try {
      const line = JSON.parse(await child.firstLine) as { readonly data: { readonly url: string } }
      return line.data.url
    } catch (error) {
      throw new UserError({ code: 'DEMO_FAILED', kind: 'unreachable', message: `the demo did not start: ${error instanceof Error ? error.message : String(error)}`, hint: 'try it alone with: medianest-perf demo' })
    }
  }
  try {
    const target = await resolve(plan.target)
    const targets = await Promise.all(Object.entries(plan.targets).map(async ([name, each]) => [name, await resolve(each)] as const))
    return { plan: { ...plan, target, variables: { ...Object.fromEntries(targets), ...plan.variables } }, stop }
  } catch (error) {
    await stop()
    throw error
  }
}
