// Processor time and memory of a process with everything it started, from /proc.
import { readFile, readdir } from 'node:fs/promises'

const read = (path) => readFile(path, 'utf8').catch(() => '')

/** The pids of a process and all below it, the topmost first; wrappers (env, script, sh) at the top are left out. */
export async function treeOf(pid) {
  const all = [pid]
  for (const each of all) for (const task of await readdir(`/proc/${each}/task`).catch(() => [])) all.push(...(await read(`/proc/${each}/task/${task}/children`)).split(' ').filter(Boolean).map(Number))
  const own = []
  for (const each of all) if (!/^(env|script|sh|dash|bash|taskset)$/.test((await read(`/proc/${each}/comm`)).trim())) own.push(each)
  return own
}

/** Processor milliseconds of a tree: by the scheduler's own count for what lives, by the parents' books for what has ended. */
export async function processorMs(root) {
  let ms = 0
  for (const pid of [root, ...(await treeOf(root)).slice(1)]) {
    for (const task of await readdir(`/proc/${pid}/task`).catch(() => [])) ms += Number((await read(`/proc/${pid}/task/${task}/schedstat`)).split(' ')[0]) / 1e6 || 0
    const stat = await read(`/proc/${pid}/stat`)
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    ms += (Number(fields[13]) + Number(fields[14])) * 10 || 0
  }
  return { ms }
}

/** Resident and proportional memory of a tree, MB (10^6 bytes). */
export async function memoryOf(root) {
  let rss = 0
  let pss = 0
  for (const pid of [root, ...(await treeOf(root)).slice(1)]) {
    const text = await read(`/proc/${pid}/smaps_rollup`)
    rss += Number(/^Rss:\s+(\d+)/m.exec(text)?.[1] ?? 0)
    pss += Number(/^Pss:\s+(\d+)/m.exec(text)?.[1] ?? 0)
  }
  return { rssMB: (rss * 1024) / 1e6, pssMB: (pss * 1024) / 1e6 }
}
