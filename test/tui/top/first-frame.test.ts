import { join } from 'node:path'
import { build } from 'esbuild'
import { expect, test } from 'vitest'

test('the first frame waits for neither Ink nor React', async () => {
  const { metafile } = await build({
    entryPoints: [join(import.meta.dirname, '../../../src/tui/top/open.ts')], absWorkingDir: join(import.meta.dirname, '../../..'), outdir: 'nowhere', write: false, metafile: true,
    bundle: true, platform: 'node', format: 'esm', packages: 'external', splitting: true, logLevel: 'error',
  })
  const loaded = new Set<string>()
  const visit = (file: string): void => {
    if (loaded.has(file)) return
    loaded.add(file)
    for (const { path, kind } of metafile.inputs[file]?.imports ?? []) if (kind === 'import-statement') visit(path)
  }
  visit('src/tui/top/open.ts')
  expect([...loaded]).toContain('src/tui/top/cell-screen.ts')
  expect([...loaded].filter((path) => /^(ink|react)|\.tsx$/.test(path))).toEqual([])
})
