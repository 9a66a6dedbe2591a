import type { Flow, Plan, Step } from '../../model/plan.ts'
import { compileCondition, type Condition } from './condition.ts'
import { unusableNumber } from './errors.ts'
import { compileLoop, type CompiledLoop } from './loop.ts'
import { compileRequest, type CompiledRequest } from './request.ts'
import type { Scope } from './scope.ts'
import { compileTemplate, type DeclaredNames, type Template } from './template.ts'
import { compileValue, type JsonTemplate } from './json-template.ts'
import { compileThink, type Think } from './think.ts'
import { numberIn } from './value.ts'

/** One step of a running user; numbers are indexes into the program. */
export type Instruction =
  | { readonly op: 'request'; readonly request: CompiledRequest }
  | { readonly op: 'think'; readonly think: Think }
  | { readonly op: 'unless'; readonly condition: Condition; readonly to: number }
  | { readonly op: 'loop'; readonly loop: CompiledLoop; readonly after: number }
  | { readonly op: 'next'; readonly begin: number; readonly after: number }
  | { readonly op: 'set'; readonly values: readonly (readonly [name: string, value: JsonTemplate])[] }
  | { readonly op: 'metric'; readonly name: string; value(scope: Scope): number | null }
  | { readonly op: 'log'; readonly text: Template }

/** A flow as the flat list a user walks through. */
export interface Program {
  readonly name: string
  readonly instructions: readonly Instruction[]
  readonly requests: readonly CompiledRequest[]
}

/** What a plan's flows are compiled in; `target` is an address by now, `demo` has been replaced. */
export type FlowPlan = Pick<Plan, 'flows' | 'target' | 'settings' | 'variables' | 'payloads'>

/** Compiles every flow of a plan, in its order; the ids of their requests count through. Throws a UserError for anything that can be known to be wrong before the run. */
export function compilePrograms(plan: FlowPlan): Program[] {
  const declared = declaredNames(plan)
  let id = 0
  return plan.flows.map((flow) => compileFlow(flow, plan, declared, () => id++))
}

function compileFlow(flow: Flow, { target, settings }: FlowPlan, declared: DeclaredNames, nextId: () => number): Program {
  const instructions: Instruction[] = []
  const requests: CompiledRequest[] = []

  const add = (instruction: Instruction): number => instructions.push(instruction) - 1
  /** Leaves a hole that is filled once it is known how far to jump. */
  const reserve = (): number => add({ op: 'set', values: [] })
  const when = (text: string | undefined, step: Step, compile: () => void): void => {
    if (text === undefined) return compile()
    const condition = compileCondition(text, positionOf(step), declared)
    const hole = reserve()
    compile()
    instructions[hole] = { op: 'unless', condition, to: instructions.length }
  }
  const compileSteps = (steps: readonly Step[], group: string): void => {
    for (const step of steps) compileStep(step, group)
  }
  const compileStep = (step: Step, group: string): void => {
    switch (step.kind) {
      case 'request': return when(step.ifTrue, step, () => {
        const request = compileRequest(step, { id: nextId(), flow: flow.name, group, target, settings, declared })
        requests.push(request)
        add({ op: 'request', request })
      })
      case 'think': return void add({ op: 'think', think: compileThink(step, declared) })
      case 'loop': {
        const loop = compileLoop(step, declared)
        const begin = reserve()
        compileSteps(step.steps, group)
        const after = instructions.length + 1
        add({ op: 'next', begin, after })
        instructions[begin] = { op: 'loop', loop, after }
        return
      }
      case 'group': return compileSteps(step.steps, group === '' ? step.name : `${group}::${step.name}`)
      case 'set': return when(step.ifTrue, step, () => {
        add({ op: 'set', values: Object.entries(step.variables).map(([name, value]) => [name, compileValue(value, undefined, declared)] as const) })
      })
      case 'metric': return void add({ op: 'metric', name: step.name, value: compileNumber(step, declared) })
      case 'log': return when(step.ifTrue, step, () => {
        add({ op: 'log', text: compileTemplate(step.text, undefined, declared) })
      })
    }
  }

  compileSteps(flow.steps, '')
  return { name: flow.name, instructions, requests }
}

const positionOf = (step: Step): Extract<Step, { where: unknown }>['where'] | undefined => ('where' in step ? step.where : undefined)

function compileNumber({ value, where }: Extract<Step, { kind: 'metric' }>, declared: DeclaredNames): (scope: Scope) => number | null {
  const template = compileTemplate(String(value), where, declared)
  if (template.constant === null) return (scope) => numberIn(template.evaluate(scope))
  const number = numberIn(template.constant)
  if (number === null) throw unusableNumber('the value of a metric', template.constant, '12.5 or {{ queryMs }}', where)
  return () => number
}

/** Names with a `$` that the plan gives values to, so that templates may use them. */
function declaredNames({ flows, variables, payloads }: FlowPlan): DeclaredNames {
  const names = new Set<string>([...Object.keys(variables), ...payloads.flatMap(({ fields, as }) => (as === undefined ? fields : [as]))])
  const walk = (steps: readonly Step[]): void => {
    for (const step of steps) {
      if (step.kind === 'request') for (const { as } of step.captures) names.add(as)
      if (step.kind === 'set') for (const name of Object.keys(step.variables)) names.add(name)
      if (step.kind === 'loop') names.add(step.variable)
      if (step.kind === 'loop' || step.kind === 'group') walk(step.steps)
    }
  }
  for (const flow of flows) walk(flow.steps)
  return names
}
