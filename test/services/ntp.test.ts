import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { askNtp, type NtpAnswer, NtpProblem } from '../../src/services/ntp.ts'
import { answering, startTimeServer, type Behaviour } from './time-server.ts'

const undo: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const each of undo.splice(0)) await each()
})

async function serve(behaviour: Behaviour): Promise<number> {
  const server = await startTimeServer(behaviour)
  undo.push(server.close)
  return server.port
}

async function ask(port: number, ms = 3_000, wallMs: () => number = Date.now): Promise<NtpAnswer> {
  return askNtp({ host: '127.0.0.1', port, wallMs, now: () => performance.now() }, AbortSignal.timeout(ms))
}

const problem = (port: number, ms?: number): Promise<string> => ask(port, ms).then(() => 'answered', ({ kind, message }: NtpProblem) => `${kind}: ${message.replace(`127.0.0.1:${port}`, 'SERVER')}`)

describe('a time server', () => {
  it.each([0, 3_000, -3_000, 86_400_000])('that is %d ms ahead says so', async (offset) => {
    const { offsetMs, delayMs, stratum } = await ask(await serve(answering(offset)))
    expect(Math.abs(offsetMs - offset)).toBeLessThan(1_000)
    expect(stratum).toBe(2)
    expect(delayMs).toBeGreaterThanOrEqual(0)
  })

  it('is understood after 2036, when the seconds begin anew', async () => {
    const later = (): number => Date.parse('2040-01-01T00:00:00Z')
    expect(Math.abs((await ask(await serve(answering(2_000, undefined, later)), 3_000, later)).offsetMs - 2_000)).toBeLessThan(1_000)
  })

  it('that says nothing is given up in time', async () => {
    const startedAt = performance.now()
    expect(await problem(await serve(() => null), 300)).toBe('no-answer: SERVER did not answer')
    expect(performance.now() - startedAt).toBeLessThan(3_000)
  })

  it.each([
    ['sends garbage', () => Buffer.from('no time'), 'not-ntp: SERVER answered with 7 bytes that are no NTP'],
    ['sends a kiss of death', answering(0, (answer) => { answer[1] = 0; answer.write('RATE', 12, 'latin1') }), 'refused: SERVER refuses to tell the time (RATE)'],
    ['is not synchronised', answering(0, (answer) => { answer[0] = 0xe4 }), 'refused: SERVER does not know the time itself'],
    ['has stratum 16', answering(0, (answer) => { answer[1] = 16 }), 'refused: SERVER does not know the time itself'],
    ['sends no time', answering(0, (answer) => { answer.fill(0, 40, 48) }), 'refused: SERVER does not know the time itself'],
  ] as const)('that %s is refused', async (_, behaviour, expected) => expect(await problem(await serve(behaviour))).toBe(expected))

  it('is not believed when it answers something that was not asked', async () => {
    expect(await problem(await serve(answering(0, (answer) => { answer.fill(1, 24, 32) })), 300)).toBe('no-answer: SERVER answered, but not what it was asked')
    // A forged answer first, the real one after it.
    const both = await serve((question) => [answering(90_000, (answer) => { answer.fill(1, 24, 32) })(question), answering(0)(question)].flat() as Buffer[])
    expect(Math.abs((await ask(both)).offsetMs)).toBeLessThan(1_000)
  })

  it('is asked again when the first question went lost', async () => {
    let questions = 0
    const port = await serve((question) => (++questions === 1 ? null : answering(0)(question)))
    expect((await ask(port, 5_000)).stratum).toBe(2)
    expect(questions).toBe(2)
  })

  it('is not told what time it is here', async () => {
    const questions: string[] = []
    await ask(await serve((question) => (questions.push(question.toString('hex')), answering(0)(question))))
    expect(questions[0]).toMatch(/^23(00){39}[0-9a-f]{16}$/)
  })

  it('whose port is closed, or whose name nobody knows, says so', async () => {
    const socket = createSocket('udp4').bind(0, '127.0.0.1')
    await once(socket, 'listening')
    const { port } = socket.address()
    await new Promise<void>((done) => socket.close(() => done()))
    expect(await problem(port)).toBe('unreachable: SERVER has no time server (port closed)')
    const denied = askNtp({ host: '255.255.255.255', port: 123, wallMs: Date.now, now: () => 0 }, AbortSignal.timeout(5_000))
    await expect(denied).rejects.toMatchObject({ kind: 'unreachable' })
    const nobody = askNtp({ host: 'no\u001bsuch.invalid', port: 123, wallMs: Date.now, now: () => 0 }, AbortSignal.timeout(5_000))
    await expect(nobody).rejects.toMatchObject({ name: 'NtpProblem', message: expect.not.stringContaining('\u001b') as unknown })
  })

  it('may say anything: it is an answer or a problem', async () => {
    await fc.assert(fc.asyncProperty(fc.uint8Array({ minLength: 0, maxLength: 80 }), fc.boolean(), async (bytes, isOurs) => {
      const port = await serve((question) => {
        const packet = Buffer.from(bytes)
        if (isOurs && packet.length >= 48) question.copy(packet, 24, 40, 48)
        return packet
      })
      const said = await ask(port, 100).catch((error: unknown) => error)
      expect(said instanceof NtpProblem || Number.isFinite((said as NtpAnswer).offsetMs)).toBe(true)
    }), { numRuns: 30 })
  })
})
