import type { Look } from '../look.ts'

/** TODO tmdb */
export const look: Look<'tmdb'> = () => Promise.reject(new Error('not built yet'))
