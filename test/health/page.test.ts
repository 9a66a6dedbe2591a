import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parse as parseYaml } from 'yaml'
import { describe, expect, it } from 'vitest'
import { CHECK_TYPES } from '../../src/health/check-types.ts'
import { type HealthFile, healthSchema } from '../../src/health-schema/schema.ts'

const page = readFileSync(resolve(import.meta.dirname, '../../docs/health.md'), 'utf8')
const blocks = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text = '']): unknown => parseYaml(text))
const sections = blocks.flatMap((block) => (typeof block === 'object' && block !== null && 'health' in block ? [block.health] : []))

describe('the page about health', () => {
  it('shows configurations that are valid', () => {
    expect(sections.length).toBeGreaterThan(0)
    expect(sections.map((section) => healthSchema.safeParse(section).error?.issues ?? [])).toEqual(sections.map(() => []))
  })

  it('shows a check of every kind', () => {
    const shown = sections.flatMap((section) => (section as HealthFile).checks ?? []).map(({ type }) => type)
    expect(Object.keys(CHECK_TYPES).filter((type) => !shown.includes(type as keyof typeof CHECK_TYPES))).toEqual([])
  })
})
