import type { Look } from '../look.ts'

/** TODO clock */
export const look: Look<'clock'> = () => Promise.reject(new Error('not built yet'))
