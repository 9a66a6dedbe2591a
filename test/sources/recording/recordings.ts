import { createRecorder } from '../../../src/sources/recording/recorder.ts'
import { readRecording, type Entry } from '../../../src/sources/recording/read.ts'
import { derive } from '../../../src/analysis/derive.ts'
import type { Snapshot, SystemFacts } from '../../../src/model/snapshot.ts'
import { machine, process, program, snapshot } from '../../analysis/looks.ts'

export const FACTS: SystemFacts = { host: 'web-01', os: 'Debian 12', platform: 'linux', arch: 'x64', kernel: '6.1.0', node: 'v20.20.2', cpuModel: 'AMD EPYC', cores: 8, container: null, filesystems: { '/': { device: '/dev/vda1', type: 'ext4' } } }

/** The text of a recording of these snapshots. */
export async function record(snapshots: readonly Snapshot[], facts = FACTS): Promise<string> {
  let text = ''
  const recorder = createRecorder({ write: async (more) => void (text += more), facts, version: '1.2.3', startedAt: 1_700_000_000_000, intervalMs: 1_000 })
  for (const each of snapshots) recorder.push(each)
  await recorder.close()
  return text
}

/** A text in pieces, as it comes from a disk. */
export async function* pieces(text: string, length = 65_536): AsyncGenerator<string> {
  for (let start = 0; start < text.length; start += length) yield text.slice(start, start + length)
}

export async function read(text: string, last?: number): Promise<Entry[]> {
  const { entries } = await readRecording(pieces(text), 'file.ndjson', last)
  const found: Entry[] = []
  for await (const entry of entries) found.push(entry)
  return found
}

export const snapshotsOf = (entries: readonly Entry[]): Snapshot[] => entries.flatMap((entry) => (entry.kind === 'snapshot' ? [entry.snapshot] : []))
export const notesOf = (entries: readonly Entry[]): string[] => entries.flatMap((entry) => (entry.kind === 'note' ? [entry.text] : []))

const programs = Array.from({ length: 400 }, (_, index) => program(index + 300, { command: `/usr/lib/service-${index}/bin/worker --config /etc/service-${index}.conf` }))

/** An ordinary machine for so many seconds: 400 processes, of which fifteen work. */
export function ordinary(seconds: number): Snapshot[] {
  const at = (second: number): Parameters<typeof derive>[1] => ({ monotonicMs: second * 1_000.3, wallMs: 0, samples: machine(second) })
  return Array.from({ length: seconds }, (_, second) => {
    const rows = programs.map((each, index) => ({ ...process(each.pid), program: each, residentBytes: 9e6 + index * 1e5, cpuTimeMs: index < 15 ? second * 10 * index : 5_000, cpu: index < 15 ? ((second * 7 + index) % 30) / 100 : 0 }))
    return snapshot(1_700_000_000_000 + second * 1_000, {}, { elapsedMs: second === 0 ? Number.NaN : 1_000.3, samples: derive(second === 0 ? null : at(second - 1), at(second)), processes: { at: 1_700_000_000_000 + second * 1_000, total: 400, rows } })
  })
}
