/** Variables of the environment that stand in for flags of `serve`. */
export const SERVE_VARIABLES = { host: 'MEDIANEST_SERVE_HOST', port: 'MEDIANEST_SERVE_PORT' } as const
