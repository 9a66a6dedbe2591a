import type { Look } from '../look.ts'

/** TODO connectivity */
export const look: Look<'connectivity'> = () => Promise.reject(new Error('not built yet'))
