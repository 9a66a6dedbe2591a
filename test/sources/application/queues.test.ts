import Bull from 'bull'
import { Queue, QueueEvents, Worker, type JobsOptions } from 'bullmq'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { SourceConfigOf } from '../../../src/collect-schema/schema.ts'
import type { Source } from '../../../src/model/source.ts'
import { openSource } from '../../../src/sources/application/queues.ts'
import { redisServer, startFake, startRedis, type RedisServer } from '../../services/redis-server.ts'
import { plainly, standingWorld, TERMS, until } from './redis-world.ts'

const opened: { close(): Promise<unknown> }[] = []
const kept = <T extends { close(): Promise<unknown> }>(each: T): T => (opened.push(each), each)
afterEach(async () => void await Promise.all(opened.splice(0).map((each) => each.close())))

function open(config: Omit<SourceConfigOf<'queues'>, 'type'>): { readonly source: Source; readonly collect: () => Promise<ReturnType<typeof plainly>> } {
  const source = kept(openSource({ type: 'queues', host: '127.0.0.1', ...config }, { ...TERMS, id: 'queues' }, standingWorld()))
  return { source, collect: async () => plainly(await source.collect(AbortSignal.timeout(5_000))) }
}

const LATER: JobsOptions = { delay: 600_000 }

describe.skipIf(redisServer === undefined)('the jobs of queues (needs redis-server)', () => {
  let server: RedisServer
  const started: RedisServer[] = []
  beforeAll(async () => {
    server = await startRedis()
    started.push(server)
  })
  afterEach(async () => void await server.ask('FLUSHALL'))
  afterAll(async () => void await Promise.all(started.map((each) => each.stop())))
  const connection = () => ({ host: '127.0.0.1', port: server.port, maxRetriesPerRequest: null })
  const bullmq = (name: string, prefix = 'bull'): Queue => kept(new Queue(name, { connection: connection(), prefix }))
  const bull = (name: string, prefix = 'bull'): Bull.Queue => kept(new Bull(name, { redis: { port: server.port, host: '127.0.0.1' }, prefix }))

  it('of BullMQ are counted exactly: done, failed, at work, waiting with and without priority, delayed', async () => {
    const queue = bullmq('media')
    const events = kept(new QueueEvents('media', { connection: connection() }))
    await events.waitUntilReady()
    let release = (): void => undefined
    const held = new Promise<void>((done) => (release = done))
    const worker = kept(new Worker('media', async ({ name }) => {
      if (name === 'bad') throw new Error('no such film')
      if (name === 'slow') await held
    }, { connection: connection() }))
    const [good, bad] = [await Promise.all([1, 2, 3].map(() => queue.add('good', {}))), await Promise.all([1, 2].map(() => queue.add('bad', {})))]
    await Promise.allSettled([...good, ...bad].map((job) => job.waitUntilFinished(events)))
    await queue.add('slow', {})
    await until(async () => await queue.getActiveCount() === 1)
    await Promise.all([1, 2, 3, 4].map(() => queue.add('waits', {})))
    await Promise.all([1, 2].map((priority) => queue.add('weighty', {}, { priority })))
    await Promise.all([1, 2, 3].map(() => queue.add('later', {}, LATER)))

    const figures = await open({ port: server.port }).collect()
    expect(figures).toMatchObject({ 'jobs.completed': { media: 3 }, 'jobs.failed': { media: 2 }, 'jobs.active': { media: 1 }, 'jobs.waiting': { media: 6 }, 'jobs.delayed': { media: 3 } })
    expect(await queue.getJobCounts()).toMatchObject({ completed: 3, failed: 2, active: 1, waiting: 4, prioritized: 2, delayed: 3 })
    const done = await queue.getCompleted()
    const mean = done.reduce((sum, job) => sum + Number(job.finishedOn) - Number(job.processedOn), 0) / done.length
    expect(figures['jobs.duration.avg']).toEqual({ media: mean })

    await queue.pause()
    expect(await open({ port: server.port }).collect(), 'those of a paused queue wait').toMatchObject({ 'jobs.waiting': { media: 6 } })
    release()
    await worker.close()
  })

  it('of Bull are counted exactly, paused or not', async () => {
    const queue = bull('mail')
    let release = (): void => undefined
    const held = new Promise<void>((done) => (release = done))
    void queue.process('*', async ({ name }: Bull.Job) => {
      if (name === 'bad') throw new Error('no such address')
      if (name === 'slow') await held
    })
    const jobs = [...await Promise.all([1, 2].map(() => queue.add('good', {}))), await queue.add('bad', {})]
    await Promise.allSettled(jobs.map((job) => job.finished()))
    await queue.add('slow', {})
    await until(async () => await queue.getActiveCount() === 1)
    await Promise.all([1, 2, 3].map(() => queue.add('waits', {})))
    await queue.add('weighty', {}, { priority: 1 })
    await Promise.all([1, 2].map(() => queue.add('later', {}, { delay: 600_000 })))
    const expected = { 'jobs.completed': { mail: 2 }, 'jobs.failed': { mail: 1 }, 'jobs.active': { mail: 1 }, 'jobs.waiting': { mail: 4 }, 'jobs.delayed': { mail: 2 } }
    const figures = await open({ port: server.port }).collect()
    expect(figures).toMatchObject(expected)
    const done = await queue.getCompleted()
    expect(figures['jobs.duration.avg']).toEqual({ mail: done.reduce((sum, job) => sum + Number(job.finishedOn) - Number(job.processedOn), 0) / done.length })
    await queue.pause()
    expect(await open({ port: server.port }).collect()).toMatchObject(expected)
    release()
    await until(async () => await queue.getActiveCount() === 0)
  })

  it('have a mean time of the last 20 that were done', async () => {
    bullmq('mean')
    await until(async () => await server.ask('EXISTS', 'bull:mean:meta') === '1')
    for (let id = 1; id <= 25; id++) {
      await server.ask('ZADD', 'bull:mean:completed', String(id), `job ${id}`)
      await server.ask('HSET', `bull:mean:job ${id}`, 'processedOn', '1000', 'finishedOn', id <= 5 ? '999999' : String(1_000 + id))
    }
    await server.ask('HDEL', 'bull:mean:job 25', 'processedOn')
    const ids = Array.from({ length: 19 }, (_, index) => index + 6)
    expect(await open({ port: server.port }).collect()).toMatchObject({ 'jobs.completed': { mean: 25 }, 'jobs.duration.avg': { mean: ids.reduce((sum, id) => sum + id, 0) / ids.length } })
  })

  it('are told of every queue of a prefix that is found, and of none that only looks like one', async () => {
    await bullmq('a', 'shop').add('x', {})
    await bull('b', 'shop').add({})
    await bullmq('elsewhere').add('x', {})
    await bullmq('tagged', '{shop}').add('x', {}, LATER)
    await server.ask('HSET', 'shop:a:id:id', 'a job', 'that is called id')
    await server.ask('SET', 'shop:text:meta', 'no hash')
    await server.ask('SET', 'shop::relay:{x}:id', '1')
    expect(await open({ port: server.port, prefix: 'shop' }).collect()).toMatchObject({ 'jobs.waiting': { a: 1, b: 1 } })
    expect(await open({ port: server.port, prefix: '{shop}' }).collect()).toMatchObject({ 'jobs.delayed': { tagged: 1 } })
    expect(await open({ port: server.port }).collect()).toMatchObject({ 'jobs.waiting': { elsewhere: 1 } })
    await server.ask('SET', 'a[b]*:odd:id', '1')
    expect(await open({ port: server.port, prefix: 'a[b]*' }).collect()).toMatchObject({ 'jobs.waiting': { odd: 0 } })
  })

  it('are told of the queues that are named, and 0 is never made up for one that is not there', async () => {
    await bullmq('a').add('x', {})
    await bullmq('b').add('x', {})
    expect(await open({ port: server.port, queues: 'b' }).collect()).toMatchObject({ 'jobs.waiting': { b: 1 } })
    const partly = await open({ port: server.port, queues: ['b', 'typo'] }).source.collect(AbortSignal.timeout(5_000))
    expect([plainly(partly)['jobs.active'], partly.notes]).toEqual([{ b: 0 }, ['the queue typo is not there']])
    await expect(open({ port: server.port, queues: ['typo'] }).collect()).rejects.toMatchObject({ name: 'UserError', code: 'NO_QUEUES', message: `the queue typo is not there (keys that begin with bull:) in database 0 of 127.0.0.1:${server.port}` })
    await expect(open({ port: server.port, database: 2 }).collect()).rejects.toMatchObject({ code: 'NO_QUEUES', message: `no queue of BullMQ or Bull has keys that begin with bull: in database 2 of 127.0.0.1:${server.port}` })
  })

  it('follow queues that come and go', async () => {
    const [first] = [bullmq('first')]
    await first.add('x', {})
    const { collect } = open({ port: server.port })
    expect((await collect())['jobs.waiting']).toEqual({ first: 1 })
    await bullmq('second').add('x', {})
    expect((await collect())['jobs.waiting']).toEqual({ first: 1, second: 1 })
    await first.obliterate({ force: true })
    expect((await collect())['jobs.waiting']).toEqual({ second: 1 })
  })

  it('are found among many other keys, by reading alone and never with KEYS', async () => {
    const many = await startRedis(['--enable-debug-command', 'yes'])
    started.push(many)
    await many.ask('DEBUG', 'POPULATE', '120000', 'other')
    await many.ask('SET', 'bull:needle:id', '7')
    await many.ask('CONFIG', 'RESETSTAT')
    await many.ask('ACL', 'SETUSER', 'reader', 'on', '>look', '%R~bull:*', '+@read', '+@connection', '-keys')
    expect((await open({ port: many.port, user: 'reader', password: 'look' }).collect())['jobs.waiting']).toEqual({ needle: 0 })
    const asked = String(await many.ask('INFO', 'commandstats')).match(/(?<=cmdstat_)[^:]+/g) ?? []
    expect(asked.filter((command) => !/^(config|acl)\|/.test(command)).sort()).toEqual(['auth', 'exists', 'lindex', 'llen', 'scan', 'type', 'zcard', 'zrevrange'])
  })

  it('have names that cannot harm a terminal, and of too many queues 200 are told', async () => {
    for (let each = 0; each < 230; each++) await server.ask('SET', `bull:${String(each).padStart(3, '0')}\u001b[2J:id`, '1')
    const collected = await open({ port: server.port }).source.collect(AbortSignal.timeout(5_000))
    const names = Object.keys(plainly(collected)['jobs.active'] as object)
    expect(collected.notes).toEqual([expect.stringContaining('there are 230 queues, and 200 of them are told')])
    expect(names).toHaveLength(200)
    expect(names[0]).toBe('000\ufffd[2J')
  })

  it('are not told where a key of such a name is something else', async () => {
    await server.ask('SET', 'bull:odd:id', '1')
    await server.ask('SET', 'bull:odd:wait', 'no list')
    const figures = await open({ port: server.port }).collect()
    expect(figures['jobs.active']).toEqual({ odd: 0 })
    expect(figures).not.toHaveProperty('jobs.waiting')
  })

  it('lack the marker that BullMQ kept among those that wait before its fifth version', async () => {
    await server.ask('HSET', 'bull:old:meta', 'opts.maxLenEvents', '10000')
    await server.ask('RPUSH', 'bull:old:wait', '7', '8', '0:1700000000000')
    expect((await open({ port: server.port }).collect())['jobs.waiting']).toEqual({ old: 2 })
  })

  it('of a cluster are read where the prefix is a hash tag', async () => {
    const node = await startRedis(['--cluster-enabled', 'yes'])
    started.push(node)
    await node.ask('CLUSTER', 'ADDSLOTSRANGE', '0', '16383')
    await until(async () => String(await node.ask('CLUSTER', 'INFO')).includes('cluster_state:ok'))
    const queue = kept(new Queue('films', { connection: { host: '127.0.0.1', port: node.port, maxRetriesPerRequest: null }, prefix: '{bull}' }))
    await queue.add('x', {})
    expect((await open({ port: node.port, prefix: '{bull}' }).collect())['jobs.waiting']).toEqual({ films: 1 })
    await expect(open({ port: node.port, database: 1 }).collect()).rejects.toMatchObject({ code: 'REDIS_REFUSED', message: expect.stringContaining('has no such database') })
  })

  it('are refused in clear words: which right is missing, of the command or of the keys', async () => {
    await bullmq('a').add('x', {})
    await server.ask('ACL', 'SETUSER', 'blind', 'on', '>blind-1', '~bull:*', '+@connection')
    await server.ask('ACL', 'SETUSER', 'stranger', 'on', '>stranger-1', '~other:*', '+@all')
    await expect(open({ port: server.port, user: 'blind', password: 'blind-1' }).collect()).rejects.toMatchObject({ code: 'REDIS_REFUSED', message: expect.stringContaining('may not be asked SCAN'), hint: expect.stringContaining('+scan') })
    await expect(open({ port: server.port, user: 'stranger', password: 'stranger-1', queues: 'a' }).collect()).rejects.toMatchObject({ code: 'REDIS_REFUSED', message: expect.stringContaining('may not look at these keys'), hint: expect.stringContaining('~PATTERN') })
  })
})

describe('queues of what is no Redis', () => {
  it('are an error in words, whatever it answers, and nothing stays open', async () => {
    const answers = ['+OK\r\n', '*2\r\n$1\r\n0\r\n$1\r\nx\r\n', '$-1\r\n', '*0\r\n', '-ERR unknown command\r\n', 'SSH-2.0-OpenSSH\r\n']
    for (const answer of answers) {
      const server = await startFake((socket) => socket.on('data', () => socket.write(answer)))
      await expect(open({ port: server.port }).collect(), answer).rejects.toMatchObject({ name: 'UserError', message: expect.stringContaining(`127.0.0.1:${server.port} `) })
      await Promise.all(opened.splice(0).map((each) => each.close()))
      await until(() => server.open() === 0)
      await server.stop()
    }
  })

  it('end with the signal where it hangs in the middle', async () => {
    const server = await startFake((socket) => socket.once('data', () => socket.write('*2\r\n$1\r\n0\r\n*1\r\n')))
    const { source } = open({ port: server.port })
    await expect(source.collect(AbortSignal.timeout(150))).rejects.toMatchObject({ code: 'REDIS_UNREACHABLE', message: expect.stringContaining('does not answer SCAN') })
    await until(() => server.open() === 0)
    await server.stop()
  })
})
