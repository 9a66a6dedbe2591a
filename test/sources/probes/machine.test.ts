import { cpus, totalmem } from 'node:os'
import { readdirSync } from 'node:fs'
import { afterAll, describe, expect, it } from 'vitest'
import { type Look, REAL, watch } from './look.ts'

describe.skipIf(!readdirSync('/').includes('proc'))('this machine (needs Linux)', () => {
  const machine = watch(REAL)
  afterAll(() => machine.close())

  it('says sane things of itself, and no probe fails', () => {
    const { value, tags, failures }: Look = machine.look()
    expect(failures).toEqual([])
    expect(value('cpu.cores')).toBe(cpus().length)
    expect(value('memory.total')).toBe(totalmem())
    expect(value('memory.usage')).toBeGreaterThan(0)
    expect(value('memory.usage')).toBeLessThanOrEqual(1)
    expect(value('tasks.running')).toBeGreaterThanOrEqual(1)
    expect(value('uptime')).toBeGreaterThan(1_000)
    expect(tags('network.received')).toContain('lo')
    expect(tags('probe.success').length).toBe(14)
  })

  it('lets no counter go back from look to look', () => {
    const first = machine.look()
    const second = machine.look()
    for (const metric of ['cpu.time.user', 'cpu.time.system', 'context_switches', 'interrupts', 'tasks.started', 'disk.reads', 'network.received', 'tcp.segments.sent', 'uptime'] as const) {
      for (const tag of first.tags(metric)) expect([metric, tag, second.value(metric, tag)]).toEqual([metric, tag, expect.toSatisfy((now: number) => now >= (first.value(metric, tag) ?? 0))])
    }
  })

  it('opens no more files after the first look', () => {
    const open = (): number => readdirSync('/proc/self/fd').length
    machine.look()
    const before = open()
    for (let look = 0; look < 100; look++) machine.look()
    expect(open()).toBe(before)
  })
})
