import { defineCommand } from './command.ts'
import * as flag from './flag.ts'

/** The flags of `alerts`. */
export const ALERTS_FLAGS = {
  set: flag.texts('--set <name.level=value>', 'change a level of an instance: cpuUsage.warning=70%, or errorRate.warning=5%, which is 0.05; may be repeated'),
  enable: flag.toggle('--enable', 'have the instance raise alerts'),
  disable: flag.toggle('--disable', 'have it raise none'),
  yes: flag.toggle('--yes', 'change without being asked'),
} as const satisfies flag.Flags

/** `alerts`: from where on something is an alert, and who is told. */
export const alerts = defineCommand({
  name: 'alerts',
  about: 'show from where on something is an alert and who is told of it, and change that on an instance',
  exit: 'plain',
  asksInstance: true,
  flags: ALERTS_FLAGS,
  examples: [
    { line: 'alerts', about: 'the levels this machine is judged by' },
    { line: 'alerts --url http://nas:9464', about: 'those of an instance, and who is told; addresses of webhooks are masked, for they hold secrets' },
    { line: 'alerts --url http://nas:9464 --set cpuUsage.warning=70 --set responseTime.critical=2s --yes', about: 'change two of them' },
  ],
  async *run(context) {
    const { runAlerts } = await import('./alerts-run.ts')
    yield await runAlerts(context)
  },
})
