import type { Look } from '../look.ts'

/** TODO dns */
export const look: Look<'dns'> = () => Promise.reject(new Error('not built yet'))
