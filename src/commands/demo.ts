import { report } from '../model/report.ts'
import { defineCommand } from './command.ts'
import * as flag from './flag.ts'

/** `demo`: a small MediaNest-like API to measure, with faults on request. */
export const demo = defineCommand({
  name: 'demo',
  about: 'start a small MediaNest-like API on a loopback port, with faults on request',
  exit: 'plain',
  isResident: () => true,
  flags: {
    port: flag.integer('-p, --port <n>', 'the port to listen on', { min: 0, max: 65_535 }, { otherwise: 'a free one' }),
    latency: flag.text('--latency <duration>', 'every answer takes this long'),
    errors: flag.text('--errors <share>', 'this share of answers is a 500'),
    stall: flag.texts('--stall <for@at>', 'answer nothing for a while, counted from the first request: 1s@3s; may be repeated'),
    slow: flag.texts('--slow <path=duration>', 'answers below a path take this much longer: /api/v1/media/search=200ms; may be repeated'),
    seed: flag.integer('--seed <n>', 'the seed of the data', { min: 0, max: 0xffff_ffff }, { otherwise: '1' }),
    recordArrivals: flag.toggle('--record-arrivals', 'keep when requests arrived, for GET /__arrivals'),
    child: flag.toggle('--child', 'end with the process that started it', { hidden: true }),
  },
  examples: [
    { line: 'demo --port 4000', about: 'an instance to try things on' },
    { line: 'demo --latency 10ms --stall 1s@3s', about: 'a server that takes 10 ms, and hangs for a second after three' },
  ],
  async *run({ host, flags, note }) {
    const startedAt = host.wallTime()
    const [{ startDemo }, read] = await Promise.all([import('../demo/demo.ts'), import('../demo/flag.ts')])
    const server = await startDemo({
      port: flags.port ?? 0,
      seed: flags.seed ?? 1,
      latencyMs: flags.latency === undefined ? 0 : read.parseFaultLatency(flags.latency),
      errors: flags.errors === undefined ? 0 : read.parseFaultErrors(flags.errors),
      stalls: (flags.stall ?? []).map(read.parseFaultStall),
      slow: (flags.slow ?? []).map(read.parseFaultSlow),
      recordArrivals: flags.recordArrivals ?? false,
    })
    const say = (parts: { interim: boolean; interrupted?: 'SIGINT' | 'SIGTERM' }): ReturnType<typeof report> =>
      report({ command: 'demo', title: `demo at ${server.url}`, startedAt, finishedAt: host.wallTime(), data: { url: server.url, port: server.port }, ...parts })
    await note(`demo listens at ${server.url} (Ctrl-C ends it)`)
    yield say({ interim: true })
    const signal = await new Promise<'SIGINT' | 'SIGTERM'>((done) => {
      host.interrupts.drain.addEventListener('abort', () => done(host.interrupts.drain.reason as 'SIGINT' | 'SIGTERM'))
      if (flags.child) void host.inputEnded().then(() => done('SIGTERM'))
    })
    await server.close()
    yield say({ interim: false, interrupted: signal })
  },
})
