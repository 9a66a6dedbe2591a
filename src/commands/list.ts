import { baseline } from './baseline.ts'
import { bench } from './bench.ts'
import { budget } from './budget.ts'
import type { Command } from './command.ts'
import { compare } from './compare.ts'
import { demo } from './demo.ts'
import { health } from './health.ts'
import { load } from './load.ts'
import { metrics } from './metrics.ts'
import { schema } from './schema.ts'
import { serve } from './serve.ts'
import { summary } from './summary.ts'
import { top } from './top.ts'

/** Every command, in the order help shows them. */
export const COMMANDS: readonly Command[] = [load, compare, budget, bench, baseline, top, metrics, summary, health, serve, demo, schema]
