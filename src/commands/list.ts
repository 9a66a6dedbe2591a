import { alerts } from './alerts.ts'
import { baseline } from './baseline.ts'
import { bench } from './bench.ts'
import { budget } from './budget.ts'
import type { Command } from './command.ts'
import { compare } from './compare.ts'
import { demo } from './demo.ts'
import { health } from './health.ts'
import { history } from './history.ts'
import { load } from './load.ts'
import { metrics } from './metrics.ts'
import { optimize } from './optimize.ts'
import { recommend } from './recommend.ts'
import { schema } from './schema.ts'
import { summary } from './summary.ts'
import { top } from './top.ts'

/** Every command, in the order help shows them. */
export const COMMANDS: readonly Command[] = [load, compare, budget, bench, baseline, top, metrics, summary, history, recommend, health, alerts, optimize, demo, schema]
