import { describe, expect, it } from 'vitest'
import { readBytes, readByteRate, readNumber, readPercent, readShare, readTime } from '../../src/api/figure.ts'

describe('figures that came as text', () => {
  it.each<[string, number, number]>([
    ['57MB', readBytes('57MB'), 57 * 1_048_576], ['1.41M', readBytes('1.41M'), 1.41 * 1_048_576], ['256.7 MB', readBytes('256.7 MB'), 256.7 * 1_048_576], ['3GiB', readBytes('3GiB'), 3 * 2 ** 30], ['512', readBytes('512'), 512], ['7 bytes', readBytes('7 bytes'), 7],
    ['16s', readTime('16s'), 16_000], ['193ms', readTime('193ms'), 193], ['3.7ms', readTime('3.7ms'), 3.7], ['1h 5m', readTime('1h 5m'), 3_900_000], ['16 as seconds', readTime('16', 1_000), 16_000], ['250us', readTime('250us'), 0.25],
    ['15.2 MB/s', readByteRate('15.2 MB/s'), 15_200_000], ['125.4 Mbps', readByteRate('125.4 Mbps'), 15_675_000], ['125.4 Mbit/s', readByteRate('125.4 Mbit/s'), 15_675_000], ['2 MBps', readByteRate('2 MBps'), 2_000_000], ['9 B/s', readByteRate('9 B/s'), 9],
    ['93.10', readShare('93.10'), 0.931], ['91%', readPercent('91%'), 0.91], ['0.9 of 1', readShare(0.9), 0.9], ['1', readShare(1), 1], ['100.2 %', readPercent(100.2), 1],
  ])('%s', (_text, value, expected) => {
    expect(value).toBeCloseTo(expected, 9)
  })

  it.each(['', 'NaN', '-5', 'Infinity', '1e400', '0x10', '12 parsecs', 'x'.repeat(1_000_000), '9'.repeat(50), null, undefined, {}, [], true, Number.NaN, -1, 1e19])('are none: %#', (value) => {
    for (const read of [readNumber, readBytes, readTime, readByteRate, readPercent, readShare]) expect(read(value)).toBeNaN()
  })
})
