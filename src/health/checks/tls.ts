import type { Look } from '../look.ts'

/** TODO tls */
export const look: Look<'tls'> = () => Promise.reject(new Error('not built yet'))
