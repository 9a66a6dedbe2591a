import { describe, expect, it } from 'vitest'
import { valueOf } from '../../src/model/snapshot.ts'
import { openLane } from '../../src/sources/linux-lane.ts'
import { testHost } from '../host.ts'

const host = testHost([])

describe.runIf(process.platform === 'linux')('the lane of Linux', () => {
  it('tells processes where they are wanted, and the rest where they are not', async () => {
    const lane = openLane(host)
    const { look, table } = await lane.look(true)
    expect(table?.rows.some(({ program }) => program.pid === process.pid)).toBe(true)
    expect(valueOf(look, 'probe.success', 'processes')).toBe(1)
    const without = await lane.look(false)
    expect([without.table, valueOf(without.look, 'probe.success', 'processes')]).toEqual([null, Number.NaN])
    expect(valueOf(without.look, 'memory.total')).toBeGreaterThan(0)
    lane.close()
  })

  it('goes on without a table of processes when it cannot be read, and says so', async () => {
    const scan = (): never => {
      throw Object.assign(new Error('too many open files'), { code: 'EMFILE' })
    }
    const lane = openLane(host, { scan, close: () => undefined })
    const { look, table } = await lane.look(true)
    expect([table, valueOf(look, 'probe.success', 'processes'), valueOf(look, 'probe.success', 'cpu')]).toEqual([null, 0, 1])
    lane.close()
  })
})
