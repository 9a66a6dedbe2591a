import { describe, expect, it } from 'vitest'
import type { PostgresFigures } from '../../src/health/postgres/figures.ts'
import { judgeReplication } from '../../src/health/postgres/replication.ts'

const figures = (given: Partial<PostgresFigures>): PostgresFigures => ({
  inRecovery: false, maxConnections: 100, reserved: 3, used: 1, hidden: 0, oldest: null, prepared: null, receiver: null, isFedByArchive: null, isCaughtUp: null, receivedTo: null, isReplayPaused: null, replayAgeSeconds: null, replicas: [], tables: [], ...given,
})
const replica = { name: 'r1', state: 'streaming', lagSeconds: null, behindBytes: 0 }
const texts = (given: Partial<PostgresFigures>, role: 'primary' | 'replica' | 'any' = 'any', more = {}): readonly string[] => judgeReplication(figures(given), { type: 'postgres', role, ...more }).remarks.flatMap((remark) => (remark === null ? [] : [`${remark.verdict}: ${remark.text}`]))

describe('replication', () => {
  it('takes the worst replica of a primary', () => {
    expect(texts({ replicas: [{ ...replica, lagSeconds: 2 }, { ...replica, lagSeconds: 400 }] })).toEqual(['fail: a replica is 6m 40s behind (critical at 5m)'])
    expect(texts({ replicas: [replica] })).toEqual([])
  })

  it('does not call a replica level of which only the distance is known, and that is far', () => {
    expect(texts({ replicas: [{ ...replica, behindBytes: 5e8 }] })).toEqual(['unknown: replication lag could not be told'])
  })

  it('tells of a replica that is not streaming yet', () => {
    expect(texts({ replicas: [{ ...replica, state: 'catchup' }] }, 'primary', { replicas: 1 })).toEqual(['fail: 0 replicas streaming, and 1 must be', 'warn: replica r1 is not streaming yet (catchup)'])
  })

  it('does not take a replica for level that receives nothing', () => {
    expect(texts({ inRecovery: true, isCaughtUp: true, replayAgeSeconds: 7_200 }, 'replica')).toEqual(['fail: it receives nothing from its primary (no WAL receiver runs); the last transaction it replayed is 2h old'])
  })

  it('judges one that is fed by an archive only where somebody says how late it may be', () => {
    const archive = { inRecovery: true, isFedByArchive: true, replayAgeSeconds: 7_200 }
    expect(texts(archive, 'replica')).toEqual([])
    expect(texts(archive, 'replica', { replicationLag: { critical: '1h' } })).toEqual(['fail: the replica is 2h behind (critical at 1h)'])
  })
})
