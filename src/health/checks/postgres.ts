import type { Look } from '../look.ts'

/** TODO postgres */
export const look: Look<'postgres'> = () => Promise.reject(new Error('not built yet'))
