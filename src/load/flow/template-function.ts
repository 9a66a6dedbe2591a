import type { Position } from '../../model/error.ts'
import type { Json } from '../../model/plan.ts'
import { nearest } from '../../model/nearest.ts'
import { unknownFunction, wrongArguments } from './errors.ts'
import { randomText, randomUuid } from './random.ts'
import type { Scope } from './scope.ts'

/** Something `{{ $name }}` can produce. */
export interface TemplateFunction {
  readonly name: string
  readonly aliases: readonly string[]
  /** As the documentation shows it. */
  readonly usage: string
  /** One sentence for the documentation. */
  readonly doc: string
  /** Fewest and most arguments; `member` functions take theirs after a dot. */
  readonly arity: readonly [least: number, most: number]
  readonly member?: true
  /** What is wrong with the arguments; undefined when nothing is. */
  problem?(args: readonly (string | number)[]): string | undefined
  produce(scope: Scope, args: readonly (string | number)[]): Json | undefined
}

const MOST_LETTERS = 100_000
const whole = (value: unknown): boolean => Number.isSafeInteger(value)

const env = (name: string, doc: string): TemplateFunction => ({
  name, aliases: [], usage: `$${name}.NAME`, doc, arity: [1, 1], member: true,
  produce: ({ world }, [variable = '']) => (Object.hasOwn(world.env, variable) ? world.env[variable] : undefined),
})

/** The one table of template functions: parser, suggestions and documentation come from it. */
export const TEMPLATE_FUNCTIONS: readonly TemplateFunction[] = [
  {
    name: 'randomString', aliases: [], usage: '$randomString(8)', arity: [0, 1],
    doc: 'Random letters and digits, 10 unless a length is given.',
    problem: ([length = 10]) => (whole(length) && Number(length) >= 0 && Number(length) <= MOST_LETTERS ? undefined : `the length must be a whole number from 0 to ${MOST_LETTERS}`),
    produce: ({ world }, [length = 10]) => randomText(world.random, Number(length)),
  },
  {
    name: 'randomInt', aliases: ['randomNumber'], usage: '$randomInt(1, 9)', arity: [0, 2],
    doc: 'A random whole number from the first to the second argument, both included; 0 to 1000 unless given.',
    problem: ([least = 0, most = 1_000]) => (whole(least) && whole(most) && Number(least) <= Number(most) ? undefined : 'it takes two whole numbers, the lower one first'),
    produce: ({ world }, [least = 0, most = 1_000]) => world.random.between(Number(least), Number(most)),
  },
  { name: 'uuid', aliases: ['guid', 'randomUUID'], usage: '$uuid', arity: [0, 0], doc: 'A random UUID of version 4.', produce: ({ world }) => randomUuid(world.random) },
  { name: 'timestamp', aliases: [], usage: '$timestamp', arity: [0, 0], doc: 'Milliseconds since 1970.', produce: ({ world }) => world.date() },
  { name: 'isoTimestamp', aliases: [], usage: '$isoTimestamp', arity: [0, 0], doc: 'Date and time in UTC, as 2026-01-31T12:00:00.000Z.', produce: ({ world }) => new Date(world.date()).toISOString() },
  env('env', 'An environment variable of the machine that runs the test.'),
  env('processEnvironment', 'The same as $env, as Artillery spells it.'),
  { name: 'loopCount', aliases: [], usage: '$loopCount', arity: [0, 0], doc: 'How often the innermost loop has gone round, from 0.', produce: ({ variables }) => variables.get('$loopCount') },
  { name: 'loopElement', aliases: [], usage: '$loopElement', arity: [0, 0], doc: 'The element the innermost loop has reached.', produce: ({ variables }) => variables.get('$loopElement') },
  { name: 'testId', aliases: [], usage: '$testId', arity: [0, 0], doc: 'A text that is unique to the run.', produce: ({ world }) => world.testId },
  { name: 'environment', aliases: [], usage: '$environment', arity: [0, 0], doc: 'The environment chosen with --environment.', produce: ({ world }) => world.environment },
  { name: 'target', aliases: [], usage: 'target', arity: [0, 0], doc: 'The address relative urls lead to.', produce: ({ world }) => world.target },
]

const BY_NAME: ReadonlyMap<string, TemplateFunction> = new Map(TEMPLATE_FUNCTIONS.flatMap((each) => [each.name, ...each.aliases].map((name) => [name, each] as const)))

/** The function of that name, without its `$`. */
export function templateFunction(name: string): TemplateFunction | undefined {
  return BY_NAME.get(name)
}

/** A call made ready; throws UserError `INVALID_TEMPLATE` for arguments the function does not take. */
export function bindFunction(each: TemplateFunction, args: readonly (string | number)[], where: Position | undefined): (scope: Scope) => Json | undefined {
  const [least, most] = each.arity
  if (args.length < least || args.length > most) {
    throw wrongArguments(each.name, each.usage, most === 0 ? 'it takes no arguments' : least === most ? `it takes ${most}` : `it takes ${least} to ${most} arguments`, where)
  }
  const problem = each.problem?.(args)
  if (problem !== undefined) throw wrongArguments(each.name, each.usage, problem, where)
  return (scope) => each.produce(scope, args)
}

/** The error for a `$name` nobody knows, with the one that was probably meant. */
export function strangeFunction(name: string, where: Position | undefined): Error {
  return unknownFunction(name, nearest(name, BY_NAME.keys()), TEMPLATE_FUNCTIONS.map((each) => each.name), where)
}
