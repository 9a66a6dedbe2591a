import { realpath } from 'node:fs/promises'
import { isAbsolute, relative, sep } from 'node:path'
import { readModuleAnswer } from './module-answer.ts'
import { moduleMissing, moduleOutside, moduleProblem } from './module-errors.ts'
import { ModuleThread } from './module-thread.ts'
import type { OpenSource } from './source-world.ts'
import { collectionTime } from './web-request.ts'

/**
 * Asks a JavaScript module of the user's own: its function `collect({ signal, options })` returns `{ samples, endpoints, queries }` (`module-answer.ts`), or a promise of it. It is
 * loaded at the first collection and runs in a thread of its own, with the rights of this program; what it throws, how it hangs and what it never catches is a UserError that names it.
 */
export const openSource: OpenSource<'module'> = (config, terms, world) => {
  const timeoutMs = collectionTime(config, terms.intervalMs)
  let thread: ModuleThread | undefined
  /** What stands before the module's own name in what is said of it, and is nobody's business. */
  let within = ''

  async function load(): Promise<ModuleThread> {
    const [folder, path] = await Promise.all([realpath(world.resolve('.')), realpath(world.resolve(config.path)).catch((error: unknown) => { throw moduleMissing(config.path, error) })])
    const inside = relative(folder, path)
    if (inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside)) throw moduleOutside(config.path)
    within = folder + sep
    return new ModuleThread(path, config.options, world.env)
  }

  return {
    ...terms,
    kind: 'custom',
    async collect(signal) {
      thread ??= await load()
      const answer = await thread.ask(AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]))
      if (answer.kind !== 'returned') throw moduleProblem(config.path, 'reason' in answer ? { ...answer, reason: answer.reason.replaceAll(within, '') } : answer, timeoutMs)
      return readModuleAnswer(config.path, answer.text)
    },
    async close() {
      await thread?.close()
      thread = undefined
    },
  }
}
