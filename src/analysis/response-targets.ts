/** What an endpoint does, as far as it decides how fast it should be. */
export type ResponseCategory = 'authentication' | 'search' | 'media' | 'dashboard' | 'admin'

/** How fast the answers of each kind of endpoint should be, milliseconds: the documented targets of the 95th percentile, which a single answer is held to as well. */
export const RESPONSE_TARGETS: Readonly<Record<ResponseCategory, { readonly target: number; readonly warning: number; readonly critical: number }>> = {
  authentication: { target: 100, warning: 200, critical: 500 },
  search: { target: 300, warning: 500, critical: 1_000 },
  media: { target: 200, warning: 400, critical: 800 },
  dashboard: { target: 150, warning: 300, critical: 600 },
  admin: { target: 500, warning: 1_000, critical: 2_000 },
}
