import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import * as z from 'zod/mini'
import { collectSchema } from '../../../src/collect-schema/schema.ts'
import { readDocument, validate } from '../../../src/document.ts'
import { serveSchema } from '../../../src/serve-schema/schema.ts'
import { SOURCE_TYPES } from '../../../src/sources/application/source-types.ts'
import { showDuration } from '../../../src/model/unit.ts'

const PAGE = readFileSync(resolve(import.meta.dirname, '../../../docs/sources.md'), 'utf8')
const examples = [...PAGE.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text = '']) => text)

describe('the page about sources', () => {
  it('has examples that the configuration takes, of every type', () => {
    const types = examples.flatMap((text) => validate(readDocument('docs/sources.md', text), z.strictObject({ collect: collectSchema, serve: z.optional(serveSchema) }), 'the example').collect.sources?.map(({ type }) => type) ?? [])
    expect(Object.keys(SOURCE_TYPES).filter((type) => !types.some((each) => each === type))).toEqual([])
  })

  it('says how often each is asked, and how much it matters', () => {
    for (const [type, { intervalMs, priority }] of Object.entries(SOURCE_TYPES)) expect(PAGE).toMatch(new RegExp(`\\| \\[\`${type}\`\\]\\(#${type}\\) \\| [^|]+ \\| ${showDuration(intervalMs).replace('1m', '60 s')} \\| ${priority} \\|`))
  })
})
