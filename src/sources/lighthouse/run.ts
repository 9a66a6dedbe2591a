/** A page to measure with what is installed here. */
export interface LighthouseRequest {
  readonly url: string
  readonly runs: number
  readonly signal: AbortSignal
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  readonly kill: (pid: number, signal: NodeJS.Signals) => void
  readonly log: (line: string) => void
}

/** Runs an installed Lighthouse. */
export async function runLighthouse(_request: LighthouseRequest): Promise<readonly { readonly file: string; readonly report: unknown }[]> {
  throw new Error('Lighthouse is not run yet')
}
