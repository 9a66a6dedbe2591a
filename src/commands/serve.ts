import type { Role } from '../serve-schema/schema.ts'
import { defineCommand } from './command.ts'
import * as flag from './flag.ts'
import { SERVE_VARIABLES } from './serve-variables.ts'

/** The flags of `serve`. */
export const SERVE_FLAGS = {
  host: flag.text('--host <address>', 'the address to listen on; any other than this machine\'s own needs tokens', { otherwise: '127.0.0.1', variable: SERVE_VARIABLES.host }),
  port: flag.integer('-p, --port <n>', 'the port to listen on; 0 takes any free one', { min: 0, max: 65_535 }, { otherwise: '9464', variable: SERVE_VARIABLES.port }),
  makeToken: flag.choice('--make-token <role>', 'print a fresh token, with the entry for the configuration that knows it, and do nothing else', ['user', 'admin', 'scrape'] as const satisfies readonly Role[]),
  name: flag.text('--name <name>', 'with --make-token: who it is for', { otherwise: 'the role' }),
} as const satisfies flag.Flags

/** `serve`: this machine as an instance, for `--url`, browsers and Prometheus. */
export const serve = defineCommand({
  name: 'serve',
  about: 'answer the questions of the Performance API for this machine: JSON, live streams, Prometheus',
  exit: 'plain',
  isResident: ({ makeToken }) => makeToken === undefined,
  flags: SERVE_FLAGS,
  examples: [
    { line: 'serve', about: 'for programs on this machine, which may read and change nothing' },
    { line: 'serve --make-token admin --name ops', about: 'a token for the configuration' },
    { line: 'serve --host 0.0.0.0 --config /etc/medianest-perf.yaml', about: 'for other machines, with the tokens of the configuration' },
  ],
  async *run(context) {
    if (context.flags.makeToken !== undefined) {
      const { reportToken } = await import('./serve-token.ts')
      yield reportToken(context.host, context.flags.makeToken, context.flags.name)
      return
    }
    const [{ runServe }, { openResident }] = await Promise.all([import('./serve-run.ts'), import('./serve-resident.ts')])
    yield* runServe(context, openResident)
  },
})
