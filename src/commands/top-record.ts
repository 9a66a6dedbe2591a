import type { Host } from '../host.ts'
import type { Feed } from '../model/feed.ts'
import { plural } from '../model/text.ts'
import { createRecordingFile } from '../sources/recording/file.ts'
import { createRecorder } from '../sources/recording/recorder.ts'
import { VERSION } from '../version.ts'
import { factsOf } from './metrics-report.ts'

/** A recording under way. */
export interface RecordingUnderWay {
  /** The feed, with everything it tells written down in passing; to be asked once, a recording holds one system. */
  tap(feed: Feed): Feed
  /** Whether looks are still written down: a disk may have failed. */
  isWriting(): boolean
  /** Finishes the file; what became of it, in a line. */
  close(): Promise<string>
}

/** Begins a recording in a new file. Throws UserError `CANNOT_WRITE`. */
export async function recordTo(host: Host, path: string, intervalMs: number): Promise<RecordingUnderWay> {
  const file = await createRecordingFile(host.files, path)
  let recorder: ReturnType<typeof createRecorder> | undefined
  return {
    tap: (feed) => {
      const into = createRecorder({ write: (text) => file.write(text), facts: factsOf(host, feed), version: VERSION, startedAt: host.wallTime().getTime(), intervalMs })
      recorder = into
      return {
        ...feed,
        start: (listener) =>
          feed.start({
            ...listener,
            snapshot: (snapshot) => {
              into.push(snapshot)
              listener.snapshot(snapshot)
            },
            facts: (facts) => {
              into.facts(facts)
              listener.facts(facts)
            },
            alert: (alert) => {
              into.alert(alert)
              listener.alert(alert)
            },
          }),
      }
    },
    isWriting: () => recorder !== undefined && recorder.failure === null,
    close: async () => {
      const failure = await recorder?.close().then(() => undefined, (error: unknown) => (error instanceof Error ? error.message : String(error)))
      await file.close()
      if (failure !== undefined) return `the recording ${path} is incomplete: ${failure}`
      const { ticks = 0, dropped = 0 } = recorder ?? {}
      return `recorded ${plural(ticks, 'look')} to ${path}${dropped > 0 ? `; ${plural(dropped, 'look')} left out because the disk did not keep up` : ''}`
    },
  }
}
