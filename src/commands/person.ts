import { createInterface } from 'node:readline'
import type { Host } from '../host.ts'
import { UserError } from '../model/error.ts'

/** What a person types in answer to a question at the terminal; empty where the run is interrupted. */
export async function answerOf(host: Host, question: string): Promise<string> {
  // Without the library's own keys, Ctrl-C stays what it is everywhere.
  const lines = createInterface({ input: host.stdin.stream, terminal: false })
  try {
    await host.stderr.write(question)
    const answer = await Promise.race([
      new Promise<string>((said) => lines.once('line', said).once('close', () => said(''))),
      new Promise<string>((said) => host.interrupts.drain.addEventListener('abort', () => said(''), { once: true })),
    ])
    return answer.trim()
  } finally {
    lines.close()
  }
}

/** Whether somebody can be asked. */
export function isSomebodyThere({ stdin, stderr }: Pick<Host, 'stdin' | 'stderr'>): boolean {
  return stdin.isTerminal && stderr.isTerminal
}

/** Has the person type `yes` after being told what will happen; `agreed` beforehand with a flag. Throws UserError `NOT_CONFIRMED` where nobody can be asked, or they say anything else. */
export async function expectAgreement(host: Host, agreed: boolean | undefined, willHappen: readonly string[]): Promise<void> {
  if (agreed) return
  const nothing = 'nothing was sent'
  if (!isSomebodyThere(host)) throw new UserError({ code: 'NOT_CONFIRMED', kind: 'usage', message: `${willHappen.join('; ')}; nobody can be asked here: ${nothing}`, hint: 'say so with --yes' })
  const answer = await answerOf(host, `${willHappen.map((each) => `${each}\n`).join('')}Type yes to go on: `)
  if (!/^yes$/i.test(answer)) throw new UserError({ code: 'NOT_CONFIRMED', kind: 'usage', message: `that was not confirmed: ${nothing}`, hint: 'type yes, or say so with --yes' })
}
