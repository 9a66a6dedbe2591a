declare const __VERSION__: string | undefined

/** The version of this program, baked in when it is built. */
export const VERSION: string = typeof __VERSION__ === 'string' ? __VERSION__ : '0.0.0-source'
