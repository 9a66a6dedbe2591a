import { Command as Commander, CommanderError, Option, type OutputConfiguration } from 'commander'
import { readAsked } from './commands/asked.ts'
import { ciService } from './commands/ci-service.ts'
import type { Command, Context } from './commands/command.ts'
import { exitCode, policyFor, situationOf, situationOfError, type Situation } from './commands/exit.ts'
import type { Flag } from './commands/flag.ts'
import { GLOBAL_FLAGS, type GlobalValues } from './commands/global.ts'
import { COMMANDS } from './commands/list.ts'
import { openOutputs } from './commands/open-outputs.ts'
import { openProgress, wantsColor, wantsUnicode } from './commands/terminal.ts'
import { TOPICS, topicText } from './commands/topics.ts'
import { crashWith, exit, realHost, type Host } from './host.ts'
import { UserError } from './model/error.ts'
import type { ProgressView } from './model/progress.ts'
import type { OutputRequest } from './output/outputs.ts'
import { VERSION } from './version.ts'

/** Runs the program in the real world and ends the process with its exit code. */
export async function run(): Promise<void> {
  const host = realHost()
  crashWith(exitCode('bug', commandNamed(readAsked(host.argv).command)?.exit ?? 'plain', false))
  exit(await main(host))
}

/** Runs the program: argv in, exit code out. Everything it touches comes through the host. */
export async function main(host: Host): Promise<number> {
  let code = 0
  const said: string[] = []
  // Commander's own words are taken from the errors it throws; only help and version are printed as they are.
  const output = { writeOut: (text: string) => said.push(text), writeErr: () => undefined, getOutHelpWidth: () => Math.min(host.stdout.columns, 120) }
  const program = build(
    output,
    async (command, given, flags, global) => {
      code = await perform(host, command, given, flags, global)
    },
    (text) => host.stdout.write(text),
  )
  const asked = host.argv.length > 0 ? host.argv : ['--help']
  try {
    await program.parseAsync(asked, { from: 'user' })
    return code
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) {
      await host.stdout.write(said.join(''))
      return 0
    }
    const failure = error instanceof CommanderError ? usageError(error, host.argv) : error
    return await complain(host, failure)
  }
}

function commandNamed(name: string | undefined): Command | undefined {
  return COMMANDS.find((each) => each.name === name)
}

type Say = (text: string) => Promise<void>
type Given = Pick<Context, 'argument' | 'arguments'>
type Action = (command: Command, given: Given, flags: Readonly<Record<string, unknown>>, global: GlobalValues) => Promise<void>

function build(output: OutputConfiguration, action: Action, say: Say): Commander {
  const program = new Commander('medianest-perf')
    .description('Measures how fast a MediaNest instance, or any HTTP service, really is, and fails for the right reason.')
    .version(VERSION, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .showSuggestionAfterError(true)
    .exitOverride()
    // Commands inherit this, so it comes before they do.
    .configureOutput(output)
  for (const flag of Object.values(GLOBAL_FLAGS)) program.addOption(optionOf(flag))
  program.addHelpText('after', '\nEvery command ends with an exit code that says what happened: medianest-perf help exit-codes')
  program
    .command('help [topic]')
    .description(`print the help of a command, or one of: ${Object.keys(TOPICS).join(', ')}`)
    .action(async (topic: string | undefined) => {
      const command = program.commands.find((each) => each.name() === topic)
      if (topic === undefined) program.help()
      else if (command) command.help()
      else await say(await topicText(topic))
    })
  for (const command of COMMANDS) {
    const sub = program.command(command.name, { hidden: command.hidden === true }).description(command.about).exitOverride().allowExcessArguments(false)
    if (command.argument) sub.argument(command.argument.required ? `<${command.argument.name}>` : `[${command.argument.name}]`, command.argument.about)
    if (command.arguments) sub.argument(command.arguments.least > 0 ? `<${command.arguments.name}...>` : `[${command.arguments.name}...]`, command.arguments.about)
    for (const flag of Object.values(command.flags)) sub.addOption(optionOf(flag))
    if (command.examples.length > 0) sub.addHelpText('after', `\nExamples:\n${command.examples.map(({ line, about }) => `  # ${about}\n  medianest-perf ${line}`).join('\n')}`)
    sub.action(async (...given: unknown[]) => {
      const words = { argument: command.argument ? (given[0] as string | undefined) : undefined, arguments: command.arguments ? (given[0] as readonly string[]) : [] }
      const values = sub.opts()
      const flags = Object.fromEntries(Object.entries(command.flags).map(([name, flag]) => [name, values[optionOf(flag).attributeName()]]))
      const all = program.opts()
      const global = Object.fromEntries(Object.entries(GLOBAL_FLAGS).map(([name, flag]) => [name, all[optionOf(flag).attributeName()]])) as GlobalValues
      await action(command, words, flags, global)
    })
  }
  return program
}

function optionOf(flag: Flag<unknown>): Option {
  const option = new Option(flag.notation, [flag.about, flag.otherwise && `(default: ${flag.otherwise})`, flag.variable && `(env: ${flag.variable})`].filter(Boolean).join(' '))
  const { read } = flag
  if (read) {
    option.argParser((text: string, before: unknown) => {
      const value = naming(flag, () => read(text))
      return flag.repeatable && Array.isArray(before) && Array.isArray(value) ? [...(before as unknown[]), ...(value as unknown[])] : value
    })
  }
  if (flag.hidden) option.hideHelp()
  return option
}

/** Adds the flag's name to what is wrong with its value. */
function naming<T>(flag: Flag<unknown>, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    throw new UserError({ code: error.code, kind: error.kind, message: `${flag.notation.replace(/^-\w, /, '').split(' ')[0] ?? ''}: ${error.message}`, hint: error.hint })
  }
}

function usageError(error: CommanderError, argv: readonly string[]): UserError {
  const lacksDashes = commandNamed(readAsked(argv).command)?.takesCommand === true && !argv.includes('--')
  const [message = '', suggestion] = error.message.replace(/^error: /, '').split('\n')
  return new UserError({
    code: 'USAGE',
    kind: 'usage',
    // What follows the equals sign of a mistyped flag may be a secret.
    message: message.replace(/^(unknown option '--[^'=]*)=.*'$/s, "$1'"),
    hint: lacksDashes ? 'put -- before the command, so that its flags are its own: medianest-perf bench -- COMMAND' : suggestion?.replace(/^\(|\)$/g, '').replace(/Did you mean (.*)\?/, 'did you mean "$1"?') ?? 'medianest-perf --help lists the commands, medianest-perf help COMMAND its flags',
  })
}

async function perform(host: Host, command: Command, given: Given, flags: Readonly<Record<string, unknown>>, global: GlobalValues): Promise<number> {
  const [{ loadConfig }, { parseOutput }, { formatNamed }, { findInstances, refuseInstance }] = await Promise.all([import('./config.ts'), import('./output/outputs.ts'), import('./output/formats.ts'), import('./commands/instance.ts')])
  const config = await loadConfig(host, global.config)
  const named = global.format ?? config.output.format
  const requests = [{ format: formatNamed(named ?? habit(host, command)), file: null }, ...(global.output ?? []).map(parseOutput)]
  const color = wantsColor(host, global, config.output.color)
  const inPlace = host.stdout.isTerminal && host.env['TERM'] !== 'dumb' && (command.drawsInPlace?.(flags) ?? false)
  const outputs = await openOutputs(host, command.name, requests, color, { inPlace })
  const service = command.isCiStep && global.ci !== false ? ciService(host.env) : null
  const note: Context['note'] = (text) => (global.quiet ? Promise.resolve() : host.stderr.write(`${text}\n`))
  const extras = service && (await import('./commands/ci-extras.ts')).openExtras(service, { host, command: command.name, requests, note, open: (more) => openOutputs(host, command.name, more, color, { toStderr: true }) })
  let instances: ReturnType<typeof findInstances> | undefined
  const strict = global.strict ?? config.output.strict ?? false
  const views: ProgressView[] = []
  const context: Context = {
    host, config, ...given, flags,
    instances: () => (instances ??= findInstances(host, config, global, context.note)),
    stdout: { format: requests[0]?.format.name ?? 'human', color: color(host.stdout), unicode: wantsUnicode(host) },
    global: { timeoutMs: global.timeout, quiet: global.quiet ?? false, namesInstance: [global.url, global.token, global.tokenFile].some((value) => value !== undefined) },
    note,
    openProgress: async () => {
      const view = await openProgress(host, global.quiet ?? false, color(host.stderr))
      views.push(view)
      return view
    },
  }
  let situation: Situation = 'unknown'
  const redraw = (): void => void outputs.redraw().catch(() => undefined)
  if (inPlace) host.stdout.stream.on('resize', redraw)
  const isResident = command.isResident?.(flags, context.stdout.format) ?? false
  try {
    if (!command.asksInstance) refuseInstance(command.name, global, COMMANDS.filter(({ asksInstance }) => asksInstance).map(({ name }) => name))
    await refuseWhatIsLacking(command, requests)
    for (const { file } of requests) if (file !== null) await host.files.expectWritable(file)
    for await (const report of command.run(context)) {
      await Promise.all(report.interim ? [] : views.map((view) => view.close()))
      const told = await outputs.push(report)
      if (!report.interim) situation = situationOf(told)
      if (!report.interim) await extras?.push(told)
      // Nobody reads what goes on for ever, and nothing else is written.
      if (host.stdout.isGone && requests.length === 1 && isResident) break
    }
    if (host.interrupts.drain.aborted && isResident) situation = 'ok'
  } catch (error) {
    await Promise.all(views.map((view) => view.close()))
    situation = situationOfError(error instanceof UserError ? error : undefined)
    await outputs.fail(describe(error))
    await extras?.fail(describe(error))
    await tellStack(host, error)
  }
  if (inPlace) host.stdout.stream.off('resize', redraw)
  try {
    await outputs.end()
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    await complainOfOutput(host, error, color(host.stderr))
    situation = withoutOutput(situation)
  }
  if (host.stdout.problem !== null) {
    await complainOfOutput(host, new UserError({ code: 'CANNOT_WRITE', kind: 'input', message: `the result cannot be written to stdout: ${host.stdout.problem}`, hint: 'see where it is sent to' }), color(host.stderr))
    situation = withoutOutput(situation)
  }
  const code = exitCode(situation, policyFor(command.exit, named), strict)
  await extras?.end(code)
  return code
}

/** What a run comes to whose result could not be written to its end: a failure stays one, all else is no longer sure. */
function withoutOutput(situation: Situation): Situation {
  return situation === 'ok' || situation === 'warn' ? 'unknown' : situation
}

async function complainOfOutput(host: Host, error: UserError, color: boolean): Promise<void> {
  const { FORMATS } = await import('./output/formats.ts')
  await host.stderr.write(FORMATS.human.renderError(error, { command: '', version: VERSION, host: host.machine.name, columns: host.stderr.columns, unicode: wantsUnicode(host), color }))
}

const HAS = { samples: 'hasSamples', checks: 'hasChecks', figures: 'hasFigures' } as const

/** A format that writes what the command does not have is refused before the work, not after it. */
async function refuseWhatIsLacking(command: Command, requests: readonly OutputRequest[]): Promise<void> {
  for (const { format: { name, needs } } of requests) {
    if (needs === undefined || needs.some((part) => command[HAS[part]])) continue
    const { lacking } = await import('./output/errors.ts')
    throw lacking(needs, name, command.name, COMMANDS.filter((each) => needs.some((part) => each[HAS[part]])).map((each) => each.name))
  }
}

/** The format where nobody names one. */
function habit(host: Host, command: Command | undefined): string {
  return (host.stdout.isTerminal ? undefined : command?.pipedFormat) ?? 'human'
}

/** What a person is told of an error; of our own bugs also where it broke. */
function describe(error: unknown): UserError {
  if (error instanceof UserError) return error
  return new UserError({
    code: 'INTERNAL',
    // The exit code of a bug is settled before; a UserError needs some kind.
    kind: 'input',
    message: `this is a bug in medianest-perf: ${error instanceof Error ? error.message : String(error)}`,
    hint: 'please report it, with the command line and the stack below',
    details: { stack: error instanceof Error ? (error.stack ?? error.message) : String(error) },
  })
}

/** Of our own bugs the person gets what we need to mend them. */
async function tellStack(host: Host, error: unknown): Promise<void> {
  if (!(error instanceof UserError)) await host.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
}

async function complain(host: Host, error: unknown): Promise<number> {
  // The command line, or the configuration, could not be read as a whole, so what they ask for is looked for by hand.
  const asked = readAsked(host.argv)
  const command = commandNamed(asked.command)
  const [{ formatNamed, FORMATS }, { loadConfig }] = await Promise.all([import('./output/formats.ts'), import('./config.ts')])
  const configured = await loadConfig(host, asked.config).then(({ output }) => output.format, () => host.env['MEDIANEST_PERF_FORMAT'])
  const named = asked.format ?? configured
  const format = Object.hasOwn(FORMATS, named ?? '') && named !== 'pdf' ? formatNamed(named ?? '') : named === undefined ? formatNamed(habit(host, command)) : FORMATS.human
  const outputs = await openOutputs(host, command?.name ?? 'medianest-perf', [{ format, file: null }], wantsColor(host, {}, undefined))
  await outputs.fail(describe(error))
  await tellStack(host, error)
  await outputs.end()
  return exitCode(situationOfError(error instanceof UserError ? error : undefined), policyFor(command?.exit ?? 'plain', named), false)
}
