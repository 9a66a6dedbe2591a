import type { Look } from '../look.ts'

/** TODO files */
export const look: Look<'files'> = () => Promise.reject(new Error('not built yet'))
