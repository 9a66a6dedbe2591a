import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'

/** Bundles a script of this folder as the product is bundled; returns the file to run and what removes it. */
export async function bundle(script: string): Promise<{ readonly file: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'medianest-tui-'))
  await build({
    entryPoints: { script: join(import.meta.dirname, script) },
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    minifySyntax: true,
    define: { 'process.env.NODE_ENV': '"production"', 'process.env.DEV': '"false"' },
    banner: { js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);" },
    external: ['react-devtools-core'],
    logLevel: 'error',
  })
  return { file: join(folder, 'script.mjs'), remove: () => rm(folder, { recursive: true, force: true }) }
}
