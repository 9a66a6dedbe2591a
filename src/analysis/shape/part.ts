import type { MetricName } from '../../model/metric.ts'
import { tagsOf, valueOf, type Snapshot } from '../../model/snapshot.ts'

type Sampled = Pick<Snapshot, 'samples'>

/** The tags that any of the metrics has, in the order of the source. */
export function partsOf(snapshot: Sampled, ...metrics: readonly MetricName[]): string[] {
  return [...new Set(metrics.flatMap((metric) => tagsOf(snapshot, metric)))]
}

/** Every disk. */
export function disksOf(snapshot: Sampled): string[] {
  return partsOf(snapshot, 'disk.reads', 'disk.reads.rate', 'disk.read', 'disk.read.rate', 'disk.utilization')
}

/** The disks that count in a total: what is stacked on others would count twice. */
export function countedDisks(snapshot: Sampled): string[] {
  const disks = disksOf(snapshot)
  const bare = disks.filter((disk) => !/^(?:dm-|md\d|loop|zram|ram\d|drbd|bcache)/.test(disk))
  return bare.length > 0 ? bare : disks
}

/** Every network interface. */
export function interfacesOf(snapshot: Sampled): string[] {
  return partsOf(snapshot, 'network.received', 'network.receive.rate')
}

/** The interfaces that count in a total: those with hardware; where none has any, as in a container, all but the loopback. */
export function countedInterfaces(snapshot: Sampled): string[] {
  const outward = interfacesOf(snapshot).filter((name) => name !== 'lo' && name !== 'lo0')
  const hardware = outward.filter((name) => valueOf(snapshot, 'network.virtual', name) !== 1)
  return hardware.length > 0 ? hardware : outward
}

/** The mount point that stands for the machine's disk space: the root, else the largest; undefined where none is known. */
export function mainMountpoint(snapshot: Sampled): string | undefined {
  const sizes = partsOf(snapshot, 'filesystem.size').map((mountpoint) => ({ mountpoint, size: valueOf(snapshot, 'filesystem.size', mountpoint) }))
  const root = sizes.find(({ mountpoint }) => mountpoint === '/' || mountpoint === 'C:')
  return (root ?? sizes.toSorted((a, b) => b.size - a.size)[0])?.mountpoint
}
