import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { afterEach, describe, expect, it } from 'vitest'
import { openLinuxProcesses } from '../../src/sources/processes/linux.ts'
import { sendSignal } from '../../src/sources/signal.ts'
import { testHost } from '../host.ts'

const host = testHost([])
let child: ChildProcess | undefined
afterEach(() => void child?.kill('SIGKILL'))

function start(): { readonly child: ChildProcess; readonly pid: number; readonly startedAt: number } {
  child = spawn('sleep', ['30'], { stdio: 'ignore' })
  const { pid = 0 } = child
  const processes = openLinuxProcesses()
  const found = processes.scan({ monotonicMs: 0, wallMs: 0, memoryBytes: 1 }).rows.find(({ program }) => program.pid === pid)
  processes.close()
  return { child, pid, startedAt: found?.program.startedAt ?? Number.NaN }
}

describe.runIf(process.platform === 'linux')('a signal', () => {
  it('ends the process that was chosen', async () => {
    const { child: target, pid, startedAt } = start()
    const ended = once(target, 'exit')
    sendSignal(host, pid, startedAt, 'SIGTERM')
    expect(await ended).toEqual([null, 'SIGTERM'])
    expect(() => sendSignal(host, pid, startedAt, 'SIGTERM')).toThrow(expect.objectContaining({ code: 'NO_SUCH_PROCESS' }))
  })

  it('spares another process with the same number', () => {
    const { child: target, pid, startedAt } = start()
    expect(() => sendSignal(host, pid, startedAt - 10, 'SIGKILL')).toThrow(expect.objectContaining({ code: 'NO_SUCH_PROCESS', message: `process ${pid} has ended` }))
    expect(target.signalCode).toBeNull()
  })

  it('never goes to process 1 or to a group', () => {
    const sent: number[] = []
    for (const pid of [1, 0, -1, -500, 1.5, Number.NaN]) expect(() => sendSignal({ ...host, kill: (to) => void sent.push(to) }, pid, 0, 'SIGTERM')).toThrow(expect.objectContaining({ code: 'NOT_PERMITTED' }))
    expect(sent).toEqual([])
  })

  it('says what to do when the system refuses it', () => {
    const { pid, startedAt } = start()
    const refuse = (): never => {
      throw Object.assign(new Error('no'), { code: 'EPERM' })
    }
    expect(() => sendSignal({ ...host, kill: refuse }, pid, startedAt, 'SIGTERM')).toThrow(expect.objectContaining({ code: 'NOT_PERMITTED', hint: 'it belongs to another user: run this as that user or as root' }))
  })
})
