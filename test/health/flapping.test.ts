import { describe, expect, it } from 'vitest'
import { changeShare, isFlapping } from '../../src/health/flapping.ts'
import type { Verdict } from '../../src/model/verdict.ts'

/** `o` ok, `f` fail, `w` warn, `u` unknown, the newest last. */
const verdicts = (text: string): readonly Verdict[] => [...text].map((letter) => ({ o: 'ok', f: 'fail', w: 'warn', u: 'unknown' } as const)[letter] ?? 'ok')

describe('flapping, as Nagios counts it', () => {
  it.each([
    ['ooooooooooooooooooooo', 0],
    ['ofofofofofofofofofofo', 1],
    ['fofofofofofofofofofofofofofofo', 1],
    // One change weighs 0.8 twentieths where it is the oldest, 1.2 where it is the newest.
    ['ofccccccccccccccccccc'.replaceAll('c', 'f'), 0.04],
    ['oooooooooooooooooooof', 0.06],
    // Any other verdict is a change, not only up and down.
    ['ooooooooooooooooooowu', 0.06 + 0.06 - 0.4 / 19 / 20],
    // Seven changes of twenty would be 35 %, were they not the oldest.
    ['ofofofoffffffffffffff', 7 * (0.8 + (0.4 * 3) / 19) / 20],
    ['', 0],
    ['f', 0],
    // Three verdicts only: what was not seen counts as steady.
    ['ofo', 0.06 + 0.06 - 0.4 / 19 / 20],
  ])('%s changes by %f', (text, share) => {
    expect(changeShare(verdicts(text))).toBeCloseTo(share, 12)
  })

  it('begins above 50 % and ends below 25 %, so that in between it stays what it was', () => {
    const nine = verdicts('oooooooooooofofofofof')
    const eight = verdicts('ooooooooooooofofofofo')
    const four = verdicts('ofofooooooooooooooooo')
    expect([nine, eight, four].map((recent) => [isFlapping(recent, false), isFlapping(recent, true)])).toEqual([[true, true], [false, true], [false, false]])
  })
})
