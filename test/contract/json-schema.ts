import { createRequire } from 'node:module'
import type { OpenApiDocument } from './fuzz.ts'

type Validate = ((value: unknown) => boolean) & { readonly errors?: readonly { readonly instancePath: string; readonly message?: string }[] | null }
interface Ajv {
  addSchema(schema: object, key: string): void
  getSchema(key: string): Validate | undefined
}

/** What is wrong with a value by a part of the document, `#/components/schemas/...`; nothing where it is as documented. */
export type Judge = (pointer: string, value: unknown) => readonly string[]

/** Judges by JSON Schema 2020-12, with the validator that fastify brings along: nobody who made the schemas. */
export function judgeBy(document: OpenApiDocument): Judge {
  const fromFastify = createRequire(createRequire(import.meta.url).resolve('fastify'))
  const fromCompiler = createRequire(fromFastify.resolve('@fastify/ajv-compiler'))
  const { default: Ajv2020 } = fromCompiler('ajv/dist/2020.js') as { default: new (options: object) => Ajv }
  const { default: addFormats } = fromCompiler('ajv-formats') as { default: (ajv: Ajv) => void }
  const ajv = new Ajv2020({ strict: false, allErrors: true })
  addFormats(ajv)
  ajv.addSchema(document, 'api')
  return (pointer, value) => {
    const validate = ajv.getSchema(`api${pointer}`)
    if (!validate) throw new Error(`the document has no ${pointer}`)
    return validate(value) ? [] : (validate.errors ?? []).map(({ instancePath, message = '' }) => `${instancePath} ${message}`)
  }
}
