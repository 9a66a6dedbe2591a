import type { Look } from '../look.ts'

/** TODO disk */
export const look: Look<'disk'> = () => Promise.reject(new Error('not built yet'))
