import { readFileSync } from 'node:fs'
import type { SampleWriter } from '../probes/probe.ts'
import { Asker, type Answer } from './asker.ts'
import { isLocal, mountsThatMatter, parseMountinfo, type Mount } from './mountinfo.ts'
import { isStorage, readSpace, writeSpace, type Space } from './space.ts'

/** What mounts are looked at with. */
export interface MountsWorld {
  /** Monotonic milliseconds. */
  readonly now: () => number
  readonly env: Readonly<Record<string, string | undefined>>
  readonly mountinfo?: string
  /** How long a file system may take to answer. */
  readonly deadlineMs?: number
  /** After which time one that did not answer is asked again. */
  readonly retryMs?: number
}

/** The file systems of this machine. */
export interface Mounts {
  /** Asks all of them; a look under way is joined. Takes no longer than the deadline, counted from when the child is up, whatever hangs. Never rejects. */
  look(): Promise<void>
  /** Writes what the last look found. */
  write(writer: SampleWriter): void
  /** By mount point; untrusted text. */
  kinds(): Record<string, { readonly device: string; readonly type: string }>
  close(): void
}

interface Known {
  readonly mount: Mount
  /** undefined where it did not answer, or could not. */
  readonly space: Space | undefined
  readonly isSilent: boolean
}

/** Opens the file systems of a Linux machine: local ones are asked here, those that may hang in a child process. */
export function openMounts({ now, env, mountinfo = '/proc/self/mountinfo', deadlineMs = 2_000, retryMs = 60_000 }: MountsWorld): Mounts {
  const asker = new Asker(env)
  /** When those that did not answer are asked again. */
  const silent = new Map<string, number>()
  let known: readonly Known[] = []
  let looking: Promise<void> | undefined
  let isClosed = false

  const askRemote = async (mounts: readonly Mount[]): Promise<ReadonlyMap<string, Answer>> => {
    for (const key of silent.keys()) if (!mounts.some((mount) => keyOf(mount) === key)) silent.delete(key)
    const isDue = (mount: Mount): boolean => {
      const retryAt = silent.get(keyOf(mount))
      return retryAt === undefined || (now() >= retryAt && !asker.lingers)
    }
    const answers = new Map(await asker.ask(mounts.filter(isDue).map(({ mountpoint }) => mountpoint), deadlineMs))
    for (const mount of mounts) {
      const answer = answers.get(mount.mountpoint)
      if (answer === 'silent') silent.set(keyOf(mount), now() + retryMs)
      else if (answer !== undefined) silent.delete(keyOf(mount))
      else answers.set(mount.mountpoint, 'silent')
    }
    return answers
  }

  const look = async (): Promise<void> => {
    let mounts: readonly Mount[]
    try {
      mounts = mountsThatMatter(parseMountinfo(readFileSync(mountinfo, 'utf8')))
    } catch {
      known = []
      return
    }
    const show = (mount: Mount, space: Space | undefined, isSilent = false): Known => ({ mount, space, isSilent })
    const local = mounts.filter(isLocal).map((mount) => show(mount, readSpace(mount.mountpoint))).filter(({ space }) => space !== undefined)
    const others = mounts.filter((mount) => !isLocal(mount))
    const previous = new Map(known.map((each) => [keyOf(each.mount), each]))
    // What is known at once is not held back by what may take its time.
    known = inOrder(mounts, [...local, ...others.flatMap((mount) => previous.get(keyOf(mount)) ?? [])])
    if (others.length === 0) return
    const answers = await askRemote(others)
    if (isClosed) return
    const remote = others.flatMap((mount) => {
      const answer = answers.get(mount.mountpoint)
      if (answer === 'silent' || answer === 'broken') return [show(mount, undefined, true)]
      return typeof answer !== 'object' || !isStorage(answer) ? [] : [show(mount, answer)]
    })
    known = inOrder(mounts, [...local, ...remote])
  }

  return {
    look() {
      if (isClosed) return Promise.resolve()
      looking ??= look().finally(() => (looking = undefined))
      return looking
    },
    write(writer) {
      for (const { mount, space, isSilent } of known) {
        if (space) writeSpace(writer, space, mount.mountpoint)
        writer.set('filesystem.readonly', mount.isReadOnly ? 1 : 0, mount.mountpoint)
        writer.set('filesystem.silent', isSilent ? 1 : 0, mount.mountpoint)
      }
    },
    kinds: () => Object.fromEntries(known.map(({ mount: { mountpoint, device, type } }) => [mountpoint, { device, type }])),
    close() {
      isClosed = true
      known = []
      asker.close()
    },
  }
}

/** One mount for as long as it stays: another file system on the same path is another. */
function keyOf({ mountpoint, number }: Mount): string {
  return `${number} ${mountpoint}`
}

function inOrder(mounts: readonly Mount[], known: readonly Known[]): Known[] {
  return known.toSorted((a, b) => mounts.findIndex(({ mountpoint }) => mountpoint === a.mount.mountpoint) - mounts.findIndex(({ mountpoint }) => mountpoint === b.mount.mountpoint))
}
