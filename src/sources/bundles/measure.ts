import type { EntriesSubject, FilesSubject, Measured, PackagesSubject } from '../../model/budget.ts'

/** Measures many subjects of one run. */
export interface BundleReader {
  measure(subject: FilesSubject | EntriesSubject | PackagesSubject): Promise<readonly Measured[]>
}

/** What files, entry points and packages come to. */
export function createBundleReader(_world: { readonly signal: AbortSignal; readonly cwd: string; readonly env?: Readonly<Record<string, string>> | undefined }): BundleReader {
  return { measure: () => Promise.reject(new Error('bundles are not measured yet')) }
}
