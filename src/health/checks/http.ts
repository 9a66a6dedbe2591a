import type { Look } from '../look.ts'

/** TODO http */
export const look: Look<'http'> = () => Promise.reject(new Error('not built yet'))
