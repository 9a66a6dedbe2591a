import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fittingName, folderOf } from '../../src/baselines/branch-folder.ts'

const names = fc.oneof(fc.string({ minLength: 1, maxLength: 80, unit: 'binary' }), fc.constantFrom('main', 'Main', 'MAIN', '..', '.', '../main', 'a/b', 'a-b', 'a\\b', 'con', 'nul.txt', 'main.', '~', 'feature/search', 'Feature/Search', 'ärger', '%2F'))

describe('the folder of a branch', () => {
  it.each([['main', 'main'], ['release-1.2', 'release-1.2'], ['v1_x', 'v1_x']])('%s is called so', (branch, folder) => {
    expect(folderOf(branch)).toBe(folder)
  })

  it.each(['feature/search', '../../etc/passwd', 'Main', 'con', 'nul.txt', 'main.', '..', '.git', '日本語', 'a~b', 'x'.repeat(200)])('%s is no safe name: what is left of it, and a hash', (branch) => {
    expect(folderOf(branch)).toMatch(/^[a-z0-9_-]{0,40}~[0-9a-f]{10}$/)
  })

  it('is one step, and no other branch has it, also where letters know no case', () => {
    fc.assert(fc.property(names, names, (one, other) => {
      expect(folderOf(one)).toMatch(/^[a-z0-9_~-][a-z0-9._~-]*$/)
      expect(folderOf(one).toLowerCase() === folderOf(other).toLowerCase()).toBe(one === other)
    }), { numRuns: 500 })
  })

  it('a name is kept as git has it', () => {
    expect(fittingName(' refs/heads/feature/search ')).toBe('feature/search')
    for (const text of ['', '  ', 'a\nb', 'a\u001b[31m', 'x'.repeat(251)]) expect(() => fittingName(text), JSON.stringify(text)).toThrow('cannot be a name')
  })
})
