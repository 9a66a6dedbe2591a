import type { Look } from '../look.ts'

/** TODO process */
export const look: Look<'process'> = () => Promise.reject(new Error('not built yet'))
