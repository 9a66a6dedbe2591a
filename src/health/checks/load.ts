import type { Look } from '../look.ts'

/** TODO load */
export const look: Look<'load'> = () => Promise.reject(new Error('not built yet'))
