import type { Look } from '../look.ts'

/** TODO redis */
export const look: Look<'redis'> = () => Promise.reject(new Error('not built yet'))
