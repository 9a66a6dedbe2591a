import type { Look } from '../look.ts'

/** TODO memory */
export const look: Look<'memory'> = () => Promise.reject(new Error('not built yet'))
