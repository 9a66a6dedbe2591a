import { readDocument } from '../document.ts'
import { UserError } from '../model/error.ts'
import type { Json, Plan } from '../model/plan.ts'
import type { Context } from './command.ts'
import type { LOAD_FLAGS } from './load.ts'

type LoadContext = Context<typeof LOAD_FLAGS>

/** What `-c` and `-d` stand for when they are not given. */
const ONE_LINER = { connections: 10, durationMs: 10_000 }

/** The plan that the argument and the flags ask for. Throws UserError for anything about it that is wrong. */
export async function readLoadPlan(context: LoadContext): Promise<Plan> {
  const { argument = '', flags, config, global } = context
  const { scalePlan } = await import('../load/read/scale.ts')
  const plan = /^https?:\/\//i.test(argument) ? await fromUrl(context, argument) : await fromFile(context, argument)
  const timeoutMs = global.timeoutMs ?? config.load.timeoutMs
  const settings: Plan['settings'] = {
    ...plan.settings,
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    atCap: flags.atCap ?? config.load.atCap ?? plan.settings.atCap,
    tls: { ...plan.settings.tls, insecure: flags.insecure ?? plan.settings.tls.insecure },
  }
  const adjusted = { ...plan, settings }
  return flags.scale === undefined ? adjusted : scalePlan(adjusted, flags.scale)
}

async function fromUrl({ flags }: LoadContext, url: string): Promise<Plan> {
  const scenarioOnly = (['environment', 'overrides', 'variables', 'payload', 'scenarioConfig', 'target'] as const).find((name) => flags[name] !== undefined)
  if (scenarioOnly !== undefined) throw misplaced(scenarioOnly, 'a scenario file', 'an address')
  const { planFromUrl } = await import('../load/read/url.ts')
  return planFromUrl({ url, connections: flags.connections ?? ONE_LINER.connections, durationMs: flags.duration ?? ONE_LINER.durationMs })
}

async function fromFile(context: LoadContext, file: string): Promise<Plan> {
  const { host, flags, config } = context
  const urlOnly = (['connections', 'duration'] as const).find((name) => flags[name] !== undefined)
  if (urlOnly !== undefined) throw misplaced(urlOnly, 'an address', 'a scenario file')
  const { readPlan } = await import('../load/read/plan.ts')
  const text = await readText(context, file, 'the scenario')
  const folder = host.files.resolve(file, '..')
  const plan = await readPlan({
    file,
    text,
    readFile: (path) => host.files.read(host.files.resolve(folder, path)),
    env: host.env,
    environment: flags.environment,
    target: flags.target ?? config.load.target,
    overrides: flags.overrides === undefined ? undefined : await jsonOrFile(context, '--overrides', flags.overrides),
    variables: flags.variables === undefined ? undefined : ((await jsonOrFile(context, '--variables', flags.variables)) as Record<string, Json>),
    payloadFile: flags.payload === undefined ? undefined : host.files.resolve(flags.payload),
    scenarioConfig: flags.scenarioConfig === undefined ? undefined : { file: flags.scenarioConfig, text: await readText(context, flags.scenarioConfig, 'the scenario\'s configuration') },
  })
  // Files that a scenario names lie where it lies.
  const { tls } = plan.settings
  const named = (['caFile', 'certFile', 'keyFile'] as const).flatMap((key) => (tls[key] === undefined ? [] : [[key, host.files.resolve(folder, tls[key])] as const]))
  return { ...plan, settings: { ...plan.settings, tls: { ...tls, ...Object.fromEntries(named) } } }
}

async function readText({ host }: LoadContext, file: string, about: string): Promise<string> {
  try {
    return await host.files.read(file)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    const reason = code === 'ENOENT' ? 'does not exist' : code === 'EISDIR' ? 'is a directory' : code === 'EACCES' ? 'may not be read' : `cannot be read (${error instanceof Error ? error.message : String(error)})`
    throw new UserError({ code: 'FILE_MISSING', kind: 'input', message: `${about} ${file} ${reason}`, hint: code === 'EISDIR' ? 'name a file in it' : 'check the path; an address begins with http:// or https://' })
  }
}

/** A flag that holds JSON itself or the name of a file that does; it must be a map. */
async function jsonOrFile(context: LoadContext, flag: string, given: string): Promise<Readonly<Record<string, unknown>>> {
  const inline = given.trimStart().startsWith('{')
  const { value } = readDocument(inline ? flag : given, inline ? given : await readText(context, given, `the file after ${flag}`))
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw new UserError({ code: 'INVALID_VALUE', kind: inline ? 'usage' : 'input', message: `${flag} must be a map`, hint: `write it like ${flag} '{"config": {"target": "http://127.0.0.1:4000"}}'` })
  }
  return value as Readonly<Record<string, unknown>>
}

function misplaced(name: string, wants: string, has: string): UserError {
  const flag = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
  return new UserError({ code: 'MISPLACED_FLAG', kind: 'usage', message: `${flag} belongs to ${wants}, and this is ${has}`, hint: `leave ${flag} out, or give ${wants}` })
}
