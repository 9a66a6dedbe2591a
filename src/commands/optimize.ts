import { defineCommand } from './command.ts'
import * as flag from './flag.ts'

/** The flags of `optimize`. */
export const OPTIMIZE_FLAGS = {
  at: flag.text('--at <time>', 'apply: when, as 2026-12-01T02:00 or 02:00 (the next one)'),
  autoRollback: flag.toggle('--auto-rollback', 'apply: have the instance take it back by itself when figures get worse'),
  aggressive: flag.toggle('--aggressive', 'apply: more of it, at more risk'),
  yes: flag.toggle('--yes', 'apply: without being asked'),
} as const satisfies flag.Flags

/** `optimize`: has an instance optimize itself, and says how that went. */
export const optimize = defineCommand({
  name: 'optimize',
  about: 'have an instance optimize itself: plan shows what it recommends, apply runs what is named, status tells how that went',
  arguments: { name: 'word', about: 'plan, apply NAME..., status ID or rollback ID', least: 1 },
  exit: 'plain',
  asksInstance: true,
  flags: OPTIMIZE_FLAGS,
  examples: [
    { line: 'optimize plan --url http://nas:9464', about: 'what it recommends, and what it says it would do' },
    { line: 'optimize apply cache_strategy memory_cleanup --url http://nas:9464', about: 'asks before it sends anything: some instances flush a whole cache at once' },
    { line: 'optimize apply database.query-caching --at 02:00 --auto-rollback --yes --url http://nas:9464', about: 'tonight, without being asked' },
    { line: 'optimize status opt-abc123 --url http://nas:9464', about: 'how it went' },
  ],
  async *run(context) {
    const { runOptimize } = await import('./optimize-run.ts')
    yield await runOptimize(context)
  },
})
