import type { Host } from '../host.ts'
import type { Run } from '../model/run.ts'

/** Where a measurement was made; two runs from different environments are not compared. */
export async function readEnvironment(host: Host, tool: string): Promise<Run['environment']> {
  const { machine } = host
  return { tool, node: machine.node, host: machine.name, os: await systemName(host), arch: machine.arch, cpu: machine.cpuModel, cores: machine.cores, memoryBytes: machine.memoryBytes }
}

/** The system's name and version as systeminformation tells them, else the kernel's. */
export async function systemName(host: Pick<Host, 'machine'>): Promise<string> {
  const { machine } = host
  const otherwise = `${machine.platform} ${machine.release}`
  try {
    const { default: systeminformation } = await import('systeminformation')
    const { distro, release } = await systeminformation.osInfo()
    return distro === '' || distro === 'unknown' ? otherwise : `${distro} ${release}`.trim()
  } catch {
    return otherwise
  }
}
