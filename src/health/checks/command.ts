import type { Look } from '../look.ts'

/** TODO command */
export const look: Look<'command'> = () => Promise.reject(new Error('not built yet'))
