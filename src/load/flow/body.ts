import type { RequestStep } from '../../model/plan.ts'
import { compilePairs } from './destination.ts'
import { compileTemplate, type DeclaredNames, type Template } from './template.ts'
import { compileJson } from './json-template.ts'
import { encodeFormPart } from './wire-text.ts'

/** A request's body made ready. */
export interface CompiledBody {
  readonly text: Template
  /** What Content-Type says unless the step does. */
  readonly type: string
}

/** Compiles a step's body; null when it has none. Throws as `compileTemplate`. */
export function compileBody({ body, where }: RequestStep, declared?: DeclaredNames): CompiledBody | null {
  switch (body.kind) {
    case 'none': return null
    case 'json': return { text: compileJson(body.value, where, declared), type: 'application/json' }
    case 'form': return { text: compilePairs(body.fields, encodeFormPart, where, declared), type: 'application/x-www-form-urlencoded' }
    case 'text': return { text: compileTemplate(body.text, where, declared), type: 'text/plain; charset=utf-8' }
  }
}
