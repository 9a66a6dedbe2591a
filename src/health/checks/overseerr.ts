import type { Look } from '../look.ts'

/** TODO overseerr */
export const look: Look<'overseerr'> = () => Promise.reject(new Error('not built yet'))
