import type { Command } from './command.ts'
import { demo } from './demo.ts'
import { load } from './load.ts'
import { schema } from './schema.ts'

/** Every command, in the order help shows them. */
export const COMMANDS: readonly Command[] = [load, demo, schema]
