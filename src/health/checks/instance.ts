import type { Look } from '../look.ts'

/** TODO instance */
export const look: Look<'instance'> = () => Promise.reject(new Error('not built yet'))
