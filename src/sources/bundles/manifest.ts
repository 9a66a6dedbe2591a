/** What a bundler wrote down of one page or entry point. */
export interface Entry {
  /** A route, a page or the name of an entry point. Untrusted. */
  readonly name: string
  /** Other names it goes by. */
  readonly aliases: readonly string[]
  /** What is loaded first, as the manifest names it, without what is loaded later on demand. */
  readonly files: readonly string[]
  /** Whether only its exact name means it: what is loaded on demand, pages for errors. */
  readonly isHidden: boolean
  /** What of it cannot be found out, so that `files` may not be all: then it is not measured. Untrusted. */
  readonly gap?: string | undefined
}

/** A manifest that was read. */
export interface Manifest {
  readonly entries: readonly Entry[]
  /** Where its files are named from, absolute, the likeliest first. */
  readonly bases: readonly string[]
  /** Whether the files stand there as addresses, with the public path in front. */
  readonly hasAddresses: boolean
}

/** What a reader is told of its file. */
export interface ManifestReading {
  /** For people. */
  readonly file: string
  /** Where it lies, absolute. */
  readonly folder: string
  /** The folder that was asked for, absolute. */
  readonly root: string
  /** The text of another file by its path from `folder`; null where there is none. */
  readonly text: (path: string) => Promise<string | null>
}

/** Bundlers whose manifests can be read. */
export interface ManifestFormat {
  /** Recognised by content: many things are called manifest.json. */
  recognise(value: unknown): boolean
  /** Throws UserError `CANNOT_MEASURE`. */
  read(value: unknown, reading: ManifestReading): Manifest | Promise<Manifest>
}
