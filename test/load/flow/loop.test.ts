import { describe, expect, it } from 'vitest'
import type { Json, LoopStep, Step } from '../../../src/model/plan.ts'
import { UserError } from '../../../src/model/error.ts'
import { compilePrograms } from '../../../src/load/flow/program.ts'
import { capture, fakeWorld, get, loop, paths, planOf, runUser } from './fake-world.ts'

const turns = (more: Partial<LoopStep>, url = '/{{ $loopCount }}-{{ $loopElement }}', variables: Record<string, Json> = {}): string[] => paths(runUser([loop([get(url)], more)], () => ({}), { variables }))

describe('a loop', () => {
  it.each<[string, Partial<LoopStep>, string[]]>([
    ['a count', { count: 3 }, ['/0-0', '/1-1', '/2-2']],
    ['no turn at all', { count: 0 }, []],
    ['a count in a template', { count: '{{ two }}' }, ['/0-0', '/1-1']],
    ['a range, as in Artillery', { count: '3-5' }, ['/3-3', '/4-4']],
    ['a count that is no number', { count: '{{ word }}' }, []],
    ['a list', { over: ['a', 'b {{ word }}', 7] }, ['/0-a', '/1-b%20six', '/2-7']],
    ['a variable', { over: 'names.first' }, ['/0-x', '/1-y']],
    ['a variable in braces', { over: '{{ names.first }}' }, ['/0-x', '/1-y']],
    ['at most a count of a list', { over: 'names.first', count: 1 }, ['/0-x']],
    ['what is no list', { over: 'word' }, []],
    ['a condition', { whileTrue: '$loopCount < 2' }, ['/0-0', '/1-1']],
    ['a condition that never held', { whileTrue: 'nobody' }, []],
    ['a condition and a count', { whileTrue: 'two', count: 1 }, ['/0-0']],
  ])('goes round by %s', (_, more, expected) => {
    expect(turns(more, undefined, { two: '2', word: 'six', names: { first: ['x', 'y'] } })).toEqual(expected)
  })

  it('keeps the element under the name it was given', () => {
    expect(turns({ over: [{ id: 1 }, { id: 2 }], variable: '$user' }, '/{{ $user.id }}/{{ $loopElement.id }}')).toEqual(['/1/1', '/2/2'])
    expect(turns({ count: 2, variable: 'page' }, '/{{ page }}')).toEqual(['/0', '/1'])
  })

  it('says that it was to walk what is no list', () => {
    expect(runUser([loop([], { over: 'nobody' })]).told).toEqual(['missing nobody (as a list)'])
  })

  it('gives the outer loop its variables back', () => {
    const inner = loop([get('/{{ outer }}.{{ $loopCount }}')], { over: ['a', 'b'], variable: '$loopElement' })
    const steps: Step[] = [loop([get('/before/{{ $loopCount }}'), inner, get('/after/{{ $loopCount }}')], { count: 2, variable: 'outer' })]
    expect(paths(runUser(steps))).toEqual(['/before/0', '/0.0', '/0.1', '/after/0', '/before/1', '/1.0', '/1.1', '/after/1'])
  })

  it('asks its condition of what the turn before captured', () => {
    const steps: Step[] = [loop([get('/page', { captures: [capture('$.next', 'next', false)] })], { whileTrue: '$loopCount == 0 or next' })]
    expect(runUser(steps, (_, count) => ({ body: count < 3 ? '{"next": true}' : '{"next": false}' })).sent).toHaveLength(4)
  })

  it('without a request never keeps others from running', () => {
    const fake = fakeWorld(planOf([loop([{ kind: 'set', variables: { x: '1' } }], { whileTrue: 'true' })]))
    let others = 0
    fake.user.start(fake.program, 0)
    for (; others < 5; others++) fake.world.later(0, () => undefined)
    fake.pass(0)
    expect(fake.ended).toEqual([])
    fake.user.breakOff()
    expect(fake.ended).toEqual([{ at: 0, outcome: 'broken-off' }])
  })

  it('of nothing for ever can be broken off too', () => {
    const fake = fakeWorld(planOf([loop([], { count: -1 })]))
    fake.user.start(fake.program, 0)
    fake.user.breakOff()
    expect(fake.ended).toHaveLength(1)
  })

  it('with a constant count that is no number is refused before the run', () => {
    for (const count of ['many', -2, 1.5]) expect(() => compilePrograms(planOf([loop([], { count })]))).toThrow(UserError)
  })
})
