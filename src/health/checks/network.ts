import type { Look } from '../look.ts'

/** TODO network */
export const look: Look<'network'> = () => Promise.reject(new Error('not built yet'))
