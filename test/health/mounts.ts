import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Whether this user may mount file systems. */
export const canMount = process.platform === 'linux' && process.getuid?.() === 0 && (() => {
  const path = mkdtempSync(join(tmpdir(), 'mount-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'none', path], { stdio: 'ignore' })
    execFileSync('umount', [path])
    return true
  } catch {
    return false
  } finally {
    rmSync(path, { recursive: true })
  }
})()

/** Mounts a tmpfs on a folder; returns what undoes it. */
export function mount(path: string, options: string): () => void {
  execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'none', path])
  return () => void execFileSync('umount', [path])
}

/** Mounts a file system on a folder whose program never answers (needs /dev/fuse); returns what undoes it. */
export async function hang(path: string): Promise<() => void> {
  const shell = spawn('bash', ['-c', 'exec 9<>/dev/fuse; mount -i -t fuse -o fd=9,rootmode=040000,user_id=0,group_id=0 hangfs "$1" && echo mounted; read', 'bash', path], { stdio: ['pipe', 'pipe', 'ignore'] })
  await new Promise((done, failed) => shell.stdout.once('data', done).once('end', () => failed(new Error('not mounted'))))
  return () => {
    execFileSync('umount', ['-f', '-l', path])
    shell.stdin.destroy()
    shell.kill('SIGKILL')
  }
}
