import type { Look } from '../look.ts'

/** TODO store */
export const look: Look<'store'> = () => Promise.reject(new Error('not built yet'))
