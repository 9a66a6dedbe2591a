import { basename } from 'node:path'
import type { Outcome } from '../../model/health.ts'
import { plain } from '../../model/text.ts'
import { showDuration } from '../../model/unit.ts'
import type { Verdict } from '../../model/verdict.ts'
import { CommandProblem, runCommand, type CommandAnswer } from '../../services/command.ts'
import type { Look } from '../look.ts'
import { parsePluginOutput } from '../plugin-output.ts'
import { single } from '../remark.ts'
import { readCommand } from '../words.ts'
import type { HealthWorld } from '../world.ts'

/** Exit codes of a plugin (Monitoring Plugins Development Guidelines, "plugin return codes"). */
const VERDICTS: readonly Verdict[] = ['ok', 'warn', 'fail', 'unknown']
/** What a program needs to find its way; whatever else we were given (tokens, options of Node) is not for it. */
const PASSED_ON = ['PATH', 'HOME', 'USER', 'LOGNAME', 'TMPDIR', 'TZ'] as const
const USUAL_PATH = '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin'

/** What a plugin, or any program that ends with 0, 1, 2 or 3, says. */
export const look: Look<'command'> = async (config, { world, signal, timeoutMs }) => {
  const [named, ...words] = readCommand(config.command)
  const program = named.includes('/') ? world.resolve(named) : named
  const shown = plain(basename(named), 60)
  try {
    const answer = await runCommand({
      program, words, env: { ...environment(world), ...config.env }, deadlineMs: timeoutMs, signal,
      directory: config.directory === undefined ? undefined : world.resolve(config.directory),
      kill: (pid, name) => world.kill(pid, name),
    })
    return outcomeOfRun({ shown, byHand: `run ${plain(named, 200)} by hand as the same user` }, answer, timeoutMs)
  } catch (error) {
    if (error instanceof CommandProblem) return single('unknown', error.message, error.hint)
    throw error
  }
}

function environment({ env }: Pick<HealthWorld, 'env'>): Record<string, string> {
  const passed = PASSED_ON.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]] as const]))
  return { PATH: USUAL_PATH, ...Object.fromEntries(passed), LANG: 'C', LC_ALL: 'C' }
}

function outcomeOfRun({ shown, byHand }: { readonly shown: string; readonly byHand: string }, answer: CommandAnswer, timeoutMs: number): Outcome {
  const { exitCode, signal, isLate, leftOthers, isCut } = answer
  const said = parsePluginOutput(answer.stdout)
  const errors = answer.stderr.split(/\r?\n/).map((line) => plain(line.trim(), 300)).filter((line) => line !== '').slice(0, 10)
  const more: Partial<Outcome> = {
    measures: said.measures,
    details: {
      exitCode, lines: said.lines, ...(errors.length > 0 ? { errors } : {}), ...(isCut ? { isCut } : {}),
      ...(said.ignored > 0 ? { performanceDataNotRead: said.ignored } : {}), ...(leftOthers ? { leftProcesses: true } : {}),
    },
  }
  const words = said.text || (errors[0] ?? '')
  const added = words === '' ? '' : `: ${words}`
  if (isLate) return single('unknown', `${shown} did not end within ${showDuration(timeoutMs)} and was ended${added}`, `${byHand}; where it only needs longer, give it a longer timeout`, more)
  if (signal !== null) return single('unknown', `${shown} was killed by ${signal}${added}`, `${byHand}; the log of the kernel (dmesg) may say why`, more)
  const verdict = exitCode === null ? undefined : VERDICTS[exitCode]
  if (verdict === undefined) return single('unknown', `${shown} ended with ${exitCode ?? 'no code'}, which is no state of a plugin${added}`, `${byHand}: it should end with 0, 1, 2 or 3`, more)
  if (words === '') return single(verdict, `${shown} ended with ${exitCode} and said nothing`, verdict === 'ok' ? undefined : `${byHand}, and look in its log: it does not say what is wrong`, more)
  // A program that only complained has not said that all is well.
  if (said.text === '' && verdict === 'ok') return single('unknown', `${shown} ended with 0 but said only, on its error output${added}`, byHand, more)
  return single(verdict, words, verdict === 'ok' ? undefined : `${byHand} to see more`, more)
}
