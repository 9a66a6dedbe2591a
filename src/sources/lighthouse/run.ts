/** Runs an installed Lighthouse. */
export async function runLighthouse(_options: { readonly url: string; readonly runs: number; readonly signal: AbortSignal; readonly env: Readonly<Record<string, string | undefined>>; log(text: string): void }): Promise<readonly { readonly file: string; readonly report: unknown }[]> {
  throw new Error('Lighthouse is not run yet')
}
