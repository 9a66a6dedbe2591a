import { plain } from '../../model/text.ts'
import type { Exchange } from '../exchange.ts'
import type { CookieJar } from './cookie.ts'
import { UnsendableRequest } from './errors.ts'
import { enterLoop, takeTurn, type LoopFrame } from './loop.ts'
import { giveUp, judge, SUCCESS, type Judgement } from './outcome.ts'
import type { Instruction, Program } from './program.ts'
import { isRedirect, redirectRequest } from './redirect.ts'
import { methodOptions, writeRequest, type CompiledRequest, type PreparedRequest } from './request.ts'
import { createScope, type Scope } from './scope.ts'
import type { Timer, World } from './world.ts'

/** How a flow ended: at its end, by a failure, or by `breakOff`. */
export type UserOutcome = 'completed' | 'failed' | 'broken-off'

/** Told once per `start`, never before `start` returns; the user can be started again at once. */
export type OnEnd = (user: VirtualUser, endedAt: number, outcome: UserOutcome) => void

/** Instructions after which a user that sends nothing lets others run. */
const TURN = 1_000

/** A user that walks through a program: one callback per request, no promises, and nothing left behind between flows. */
export class VirtualUser {
  readonly #world: World
  readonly #onEnd: OnEnd
  readonly #scope: Scope
  #program: Program | null = null
  #instructions: readonly Instruction[] = []
  #next = 0
  /** When the step before ended: what the next one is due at. */
  #at = 0
  /** Whether something has called back since the start; only then may the end be told. */
  #hasWaited = false
  readonly #loops: LoopFrame[] = []
  #jar: CookieJar | null = null

  #request: CompiledRequest | null = null
  #prepared: PreparedRequest | null = null
  /** When the request was due, and when its latest hop was. */
  #dueAt = 0
  #hopDueAt = 0
  #hops = 0

  #timer: Timer = null
  /** Changed by `breakOff`, so that what was under way falls on deaf ears. */
  #life = 0
  #receive: (exchange: Exchange) => void
  readonly #resume = (): void => {
    this.#timer = null
    // Node's timers may ring up to a millisecond early, and no request is due after it was sent.
    this.#at = Math.min(this.#at, this.#world.now())
    this.#advance()
  }

  constructor(world: World, onEnd: OnEnd) {
    this.#world = world
    this.#onEnd = onEnd
    this.#scope = createScope(world.scope)
    this.#receive = this.#receiver()
  }

  /** Begins a flow as a new user with variables of its own; `dueAt` is when it should have arrived, on the run's clock. */
  start(program: Program, dueAt: number): void {
    if (this.#program) throw new Error('this user is under way')
    this.#program = program
    this.#instructions = program.instructions
    this.#next = 0
    this.#at = dueAt
    this.#hasWaited = false
    if (this.#loops.length > 0) this.#loops.length = 0
    this.#jar = null
    // Clearing makes a new table even of an empty map.
    if (this.#scope.variables.size > 0) this.#scope.variables.clear()
    this.#world.deal(this.#scope)
    this.#advance()
  }

  /** Ends the flow now; the answer it waits for is ignored and not recorded. Does nothing for a user that is not under way. */
  breakOff(): void {
    if (!this.#program) return
    this.#life++
    this.#receive = this.#receiver()
    if (this.#timer !== null) this.#world.cancel(this.#timer)
    this.#timer = null
    this.#finish(this.#world.now(), 'broken-off')
  }

  #receiver(): (exchange: Exchange) => void {
    const life = this.#life
    return (exchange) => {
      if (life === this.#life) this.#answer(exchange)
    }
  }

  #wait(ms: number, then: () => void): void {
    this.#hasWaited = true
    this.#timer = this.#world.later(ms, then)
  }

  #advance(): void {
    const { recorder } = this.#world
    const scope = this.#scope
    for (let left = TURN; left > 0; left--) {
      const instruction = this.#instructions[this.#next]
      if (instruction === undefined) return this.#end('completed')
      if (scope.missed.length > 0) scope.missed.length = 0
      this.#next++
      switch (instruction.op) {
        case 'request': return this.#begin(instruction.request)
        case 'think': {
          const ms = instruction.think(scope)
          if (ms === null) recorder.note('a think step has no duration')
          else if (ms > 0) {
            this.#at += ms
            return this.#wait(Math.max(0, this.#at - this.#world.now()), this.#resume)
          }
          break
        }
        case 'unless': {
          if (!instruction.condition.holds(scope)) this.#next = instruction.to
          break
        }
        case 'loop': {
          this.#loops.push(enterLoop(instruction.loop, scope))
          this.#turn(instruction.after)
          break
        }
        case 'next': {
          const frame = this.#loops[this.#loops.length - 1]
          if (frame) frame.turn++
          this.#next = instruction.begin + 1
          this.#turn(instruction.after)
          break
        }
        case 'set': {
          for (const [name, value] of instruction.values) scope.variables.set(name, value.constant ?? value.evaluate(scope))
          break
        }
        case 'metric': {
          const value = instruction.value(scope)
          if (value === null) recorder.note(`metric ${instruction.name} was given a value that is no number`)
          else recorder.metric(instruction.name, value)
          break
        }
        case 'log': recorder.log(plain(instruction.text.render(scope)))
      }
    }
    this.#at = this.#world.now()
    this.#wait(0, this.#resume)
  }

  /** Goes round the innermost loop once more, or leaves it. */
  #turn(after: number): void {
    const frame = this.#loops[this.#loops.length - 1]
    if (frame && takeTurn(frame, this.#scope)) return
    this.#loops.pop()
    this.#next = after
  }

  #begin(request: CompiledRequest): void {
    this.#request = request
    this.#dueAt = this.#hopDueAt = this.#at
    this.#hops = 0
    try {
      this.#prepared = request.prepare(this.#scope)
    } catch (error) {
      if (!(error instanceof UnsendableRequest)) throw error
      this.#world.recorder.unsent(request, this.#dueAt, error.reason)
      return this.#end('failed')
    }
    this.#send(request, this.#prepared)
  }

  #send(request: CompiledRequest, prepared: PreparedRequest): void {
    const { origin, path, method } = prepared
    const cookies = this.#jar?.cookiesFor(origin, path) ?? ''
    const isFirst = this.#hops === 0
    const options = isFirst ? request.options : { ...request.options, ...methodOptions(method) }
    const bytes = isFirst && request.bytes !== null && cookies === '' ? request.bytes : writeRequest(prepared, cookies)
    this.#hasWaited = true
    this.#world.client.send(origin, bytes, options, this.#receive)
  }

  #answer(exchange: Exchange): void {
    const request = this.#request
    const prepared = this.#prepared
    if (!request || !prepared) return
    if (exchange.error?.kind === 'aborted') return this.#finish(exchange.endAt, 'broken-off')
    const { recorder, endOnFailedExpectation } = this.#world
    this.#at = exchange.endAt
    if (exchange.error === null && exchange.header('set-cookie') !== undefined) {
      this.#jar ??= this.#world.createJar()
      this.#jar.keep(exchange.headers('set-cookie'), prepared.origin, prepared.path)
    }

    let outcome: Judgement | null = null
    if (request.redirects > 0 && exchange.error === null && isRedirect(exchange.status)) {
      const location = exchange.header('location')
      const onward = location === undefined ? undefined : redirectRequest(prepared, exchange.status, location)
      if (onward && this.#hops < request.redirects) {
        recorder.request(request, this.#hopDueAt, exchange, SUCCESS)
        this.#hops++
        this.#hopDueAt = this.#at
        this.#prepared = onward
        return this.#send(request, onward)
      }
      if (onward !== undefined) outcome = giveUp(request, onward ? 'too many redirects' : 'invalid redirect', recorder)
    }
    outcome ??= judge(request, exchange, this.#dueAt, this.#scope, recorder, endOnFailedExpectation)
    recorder.request(request, this.#hopDueAt, exchange, outcome)
    if (request.metric !== null && exchange.error === null) recorder.metric(request.metric, exchange.endAt - this.#dueAt)
    if (outcome.endsFlow) this.#end('failed')
    else this.#advance()
  }

  /** Ends the flow; one that never waited ends later, so that a flow without requests cannot start the next one for ever. */
  #end(outcome: UserOutcome): void {
    if (this.#hasWaited) return this.#finish(this.#at, outcome)
    this.#wait(0, () => {
      this.#timer = null
      this.#finish(this.#at, outcome)
    })
  }

  #finish(endedAt: number, outcome: UserOutcome): void {
    this.#program = null
    this.#request = null
    this.#prepared = null
    this.#onEnd(this, endedAt, outcome)
  }
}
