import { defineCommand } from '../../src/commands/command.ts'
import * as flag from '../../src/commands/flag.ts'
import { UserError } from '../../src/model/error.ts'
import { checkResult, healthReport } from '../output/health-case.ts'

/** `health` as far as formats and exit codes go; its flag says what happens. */
export const FAKE_CHECK = defineCommand({
  name: 'health', about: 'a check', exit: 'health', hasChecks: true, hasSamples: true, pipedFormat: 'nagios', examples: [],
  flags: { outcome: flag.choice('--outcome <word>', 'what happens', ['ok', 'warn', 'fail', 'unknown', 'bug', 'input', 'quiet', 'none']) },
  async *run({ flags: { outcome } }) {
    if (outcome === 'bug') throw new Error('a thing that is not there')
    if (outcome === 'input') throw new UserError({ code: 'NO_SECRET', kind: 'input', message: 'a secret | is missing', where: { file: 'medianest-perf.yaml', line: 3, column: 5 } })
    if (outcome === 'none') return void (yield healthReport([], null, { verdict: 'unknown' }))
    const verdict = outcome === 'warn' || outcome === 'fail' || outcome === 'unknown' ? outcome : 'ok'
    yield healthReport([checkResult('disk', { verdict, outcome: { message: 'as told' } })], 90, { verdict, isQuiet: outcome === 'quiet' })
  },
})
