import type { RemoteInstance } from '../api/remote-instance.ts'
import type { EndpointName } from '../contract/endpoints.ts'
import type { Answer, Asker } from '../contract/instance.ts'
import { readQuestion, type RawQuestion } from '../contract/read-question.ts'
import { UserError } from '../model/error.ts'
import type { Context } from './command.ts'
import { oneInstance } from './instance.ts'

/** The instance that a command asks. */
export interface AskedInstance {
  /** Short, for titles. */
  readonly name: string
  /** Answers a question; with the drain's signal unless another is given. Throws UserError. */
  ask<E extends EndpointName>(endpoint: E, question?: RawQuestion, signal?: AbortSignal): Promise<Answer<E>>
  readonly followLoadTest: RemoteInstance['followLoadTest']
  readonly close: () => Promise<void>
}

/** For one answer, milliseconds. */
const TIMEOUT_MS = 10_000

/** The instance that flags, environment or configuration name; null for this machine. Throws UserError. */
export async function openAsked({ host, config, instances, global }: Pick<Context, 'host' | 'config' | 'instances' | 'global'>): Promise<AskedInstance | null> {
  const named = oneInstance(await instances())
  if (named === null) return null
  const { openRemoteInstance } = await import('../api/remote-instance.ts')
  const instance = openRemoteInstance({ ...named, timeoutMs: global.timeoutMs ?? config.instance.timeoutMs ?? TIMEOUT_MS, now: () => host.now(), wallTime: () => host.wallTime().getTime(), random: () => host.seed() / 2 ** 32 })
  const caller: Asker['caller'] = { id: 'the command line', role: 'admin', userAgent: null }
  return {
    name: instance.name,
    ask: (endpoint, question = {}, signal = host.interrupts.drain) => instance.ask(endpoint, readQuestion(endpoint, question), { caller, signal }),
    followLoadTest: (testId, signal) => instance.followLoadTest(testId, signal),
    close: () => instance.close(),
  }
}

/** What a command that needs an instance says where none is named. */
export function noInstance(why: string): UserError {
  return new UserError({ code: 'NO_INSTANCE', kind: 'usage', message: why, hint: 'name an instance with --url http://host:port, MEDIANEST_API_URL or instance.url in the configuration' })
}
