import type { Look } from '../look.ts'

/** TODO swap */
export const look: Look<'swap'> = () => Promise.reject(new Error('not built yet'))
