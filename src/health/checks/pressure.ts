import type { Look } from '../look.ts'

/** TODO pressure */
export const look: Look<'pressure'> = () => Promise.reject(new Error('not built yet'))
