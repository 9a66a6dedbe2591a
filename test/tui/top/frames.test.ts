import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { bundle } from '../bundle.ts'

test('a day of looking does not fill the memory: 2,000 different frames with a dialog over them leave less than 1 MB', async () => {
  const frames = await bundle('top/frames.ts')
  try {
    const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', frames.file], { timeout: 20_000 })
    if (process.env['SHOW_COST']) console.log(stdout)
    const { frames: drawn, grownBytes } = JSON.parse(stdout) as { readonly frames: number; readonly grownBytes: number }
    expect(drawn).toBe(2_000)
    expect(grownBytes).toBeLessThan(1_000_000)
  } finally {
    await frames.remove()
  }
})
