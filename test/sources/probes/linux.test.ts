import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { measureAll } from '../../../src/sources/probes/linux.ts'
import { type Fixture, fixture, type Tree } from './look.ts'
import { BARE_METAL, OLD_KERNEL, PLAIN } from './trees.ts'

const KIB = 1_024
let system: Fixture | undefined
const begin = (...trees: readonly Tree[]): Fixture => (system = fixture(...trees))
afterEach(() => system?.close())

describe('a big machine of its own', () => {
  it('tells processor times of all and of each core in milliseconds', () => {
    const { value, tags, failures } = begin(BARE_METAL).look()
    expect(failures).toEqual([])
    expect(value('cpu.cores')).toBe(64)
    expect(tags('cpu.time.user')).toEqual(['', ...Array.from({ length: 64 }, (_, core) => String(core))])
    expect(['user', 'nice', 'system', 'idle', 'iowait', 'irq', 'softirq', 'steal'].map((mode) => value(`cpu.time.${mode}` as 'cpu.time.user'))).toEqual([64_000, 6_400, 32_000, 640_000, 6_400, 640, 1_280, 0])
    expect(value('cpu.time.user', '63')).toBe(1_630)
    expect([value('interrupts'), value('context_switches'), value('tasks.started'), value('tasks.running'), value('tasks.blocked')]).toEqual([123_456_789, Number.MAX_SAFE_INTEGER, 500_000, 17, 2])
    expect([value('load.1'), value('load.5'), value('load.15'), value('uptime')]).toEqual([3.42, 2.1, 1.04, 1_000_250])
  })

  it('counts as used what is not available, swap apart', () => {
    const { value } = begin(BARE_METAL).look()
    expect(value('memory.used')).toBe((1_056_286_020 - 900_000_000) * KIB)
    expect(value('memory.usage')).toBeCloseTo(156_286_020 / 1_056_286_020, 10)
    expect([value('memory.cached'), value('memory.dirty'), value('memory.writeback'), value('memory.slab'), value('memory.shared')]).toEqual([150_000_000 * KIB, 62_464 * KIB, 12 * KIB, 2_000_000 * KIB, 1_000_000 * KIB])
    expect([value('swap.total'), value('swap.used')]).toEqual([8_388_604 * KIB, (8_388_604 - 6_291_453) * KIB])
    expect([value('memory.page_faults.major'), value('memory.oom_kills'), value('swap.in'), value('swap.out')]).toEqual([4_242, 3, 11 * 4_096, 22 * 4_096])
  })

  it('tells pressure as shares and milliseconds', () => {
    const { value, tags } = begin(BARE_METAL).look()
    expect(tags('pressure.some')).toEqual(['cpu', 'memory', 'io'])
    expect(value('pressure.some', 'cpu')).toBeCloseTo(0.124, 10)
    expect(value('pressure.some.300', 'cpu')).toBeCloseTo(0.0125, 10)
    expect(value('pressure.full', 'io')).toBeCloseTo(0.02, 10)
    expect(value('pressure.full.time', 'io')).toBeCloseTo(10_674.564, 6)
  })

  it('lists whole disks and what is built on them, not partitions, hidden paths or empty loop devices', () => {
    const { value, tags } = begin(BARE_METAL).look()
    expect(tags('disk.reads')).toEqual(['loop1', 'sda', 'nvme0n1', 'dm-0', 'dm-1', 'dm-10', 'md127', 'cciss/c0d0'])
    expect([value('disk.read', 'sda'), value('disk.written', 'sda')]).toEqual([7_160_162 * 512, 8_828_632 * 512])
    expect(['reads', 'writes', 'time.reading', 'time.writing', 'in_flight', 'time.busy', 'time.weighted'].map((name) => value(`disk.${name}` as 'disk.reads', 'sda'))).toEqual([181_841, 81_548, 75_285, 33_339, 2, 26_824, 120_636])
  })

  it('tells interfaces with hardware from virtual ones', () => {
    const { value, tags } = begin(BARE_METAL).look()
    expect(tags('network.received')).toEqual(['lo', 'enp3s0f0', 'veth12ab'])
    expect(tags('network.received').map((name) => value('network.virtual', name))).toEqual([1, 0, 1])
    expect(['received', 'received.packets', 'receive.errors', 'receive.drops', 'sent', 'sent.packets', 'send.errors', 'send.drops'].map((name) => value(`network.${name}` as 'network.sent', 'enp3s0f0'))).toEqual([1_998_410_251, 63_555, 1, 2, 7_509_933, 45_770, 3, 4])
  })

  it('tells TCP, sockets, file handles, clocks and the temperature of the package', () => {
    const { value, tags } = begin(BARE_METAL).look()
    expect([value('tcp.established'), value('tcp.time_wait'), value('tcp.opened'), value('tcp.segments.sent'), value('tcp.retransmits'), value('sockets.used')]).toEqual([812, 14, 64_986 + 53_516, 147_423_771, 411, 1_717])
    expect(value('files.open')).toBe(5_930)
    expect(value('files.limit')).toBeGreaterThan(2 ** 62)
    expect(tags('cpu.frequency').map((core) => [core, value('cpu.frequency', core)])).toEqual([['0', 2.25e9], ['1', 0.8e9], ['4', 3.4e9]])
    expect(value('cpu.temperature')).toBe(58)
    expect(value('clock.synchronized')).toBe(1)
  })
})

describe('a kernel that knows less', () => {
  it('fails nowhere, leaves out what is not known and reckons what is available itself', () => {
    const { value, tags, failures } = begin(OLD_KERNEL).look()
    expect(failures).toEqual([])
    expect(value('memory.available')).toBe((100_000 + 20_000 + 150_000 + 30_000 - 50_000) * KIB)
    expect(value('swap.usage')).toBe(0)
    expect([value('cpu.time.softirq'), value('cpu.time.steal'), value('memory.oom_kills'), value('pressure.some', 'cpu'), value('tcp.established'), value('clock.synchronized'), value('cgroup.memory.limit')]).toEqual([30, ...Array.from({ length: 6 }, () => undefined)])
    expect(tags('disk.reads')).toEqual(['sda', 'sdb'])
    expect(tags('network.sent').map((name) => [name, value('network.received', name)])).toEqual([['eth0', 123_456_789], ['eth0:1', 5]])
    expect(value('cpu.frequency', '0')).toBe(1_600_500_000)
  })

  it('has no swap where there is none', () => {
    const { tags } = begin(PLAIN).look()
    expect([tags('swap.total'), tags('swap.used'), tags('swap.usage')]).toEqual([[], [], []])
  })
})

describe('content that nobody expected', () => {
  it('keeps what is sound and leaves out lines that are not', () => {
    const { value, tags, failures } = begin(PLAIN, {
      'proc/stat': '\n\ncpu\ncpu  1 2 x 4\ncpu0 10 1 5 abc\ncpuidle 3 4\ncpu-1 5\ncpu99999999999999999999999 1\nctxt many\nprocesses 12abc\nprocs_running 4',
      'proc/diskstats': 'garbage\n   8       0 sda\n   8 0\n 8 0 sdb 1 2 3 4 5 6 7 8 9 10\n 8 0 .. 1 2 3 4 5 6 7 8 9 10 11\n 8 0 sdc 1 0 99999999999999999999 4 5 6 7 8 9 10 11\n',
      'proc/net/dev': 'Inter-|\n face |bytes\nno colon here\n:1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n  my net:0: 7 1 0 0 0 0 0 0 8 1 0 0 0 0 0 0\n../..: 9 1 0 0 0 0 0 0 9 1 0 0 0 0 0 0\neth9: 1 2 3\n',
      'proc/net/snmp': 'Tcp: CurrEstab\nTcp: -',
      'proc/net/sockstat': 'TCP: inuse 1 tw\n',
      'proc/vmstat': 'pgmajfault\noom_kill \n\0\0\0',
      'proc/pressure/cpu': 'some avg10=1.00 avg60=zzz\nfull\n',
      'proc/pressure/io': '',
    }).look()
    expect(failures).toEqual([])
    expect([value('cpu.time.user'), value('cpu.time.system'), value('cpu.time.system', '0'), value('cpu.time.idle', '0')]).toEqual([10, undefined, 50, undefined])
    expect([value('context_switches'), value('tasks.started'), value('tasks.running')]).toEqual([undefined, undefined, 4])
    expect(tags('disk.reads')).toEqual(['sdc'])
    expect(tags('network.received')).toEqual(['my net:0', '../..'])
    expect([value('pressure.some', 'cpu'), value('pressure.some.60', 'cpu')]).toEqual([0.01, undefined])
  })

  it('says which probes could not tell when the essential files are empty, and goes on with the others', () => {
    const { value, failures } = begin(PLAIN, { 'proc/stat': '', 'proc/meminfo': 'MemTotal', 'proc/loadavg': '\n' }).look()
    expect(failures.map(({ probe }) => probe)).toEqual(['cpu', 'load', 'memory'])
    expect([value('probe.success', 'cpu'), value('probe.success', 'uptime'), value('uptime')]).toEqual([0, 1, 1_000_250])
  })

  it('never breaks a probe, wherever a file is cut off or what is put into it, essentials excepted', () => {
    const machine = begin(BARE_METAL)
    const files = Object.entries(BARE_METAL).filter(([name, text]) => name.startsWith('proc/') && text !== null)
    fc.assert(fc.property(fc.constantFrom(...files), fc.double({ min: 0, max: 1, noNaN: true }), fc.string({ unit: fc.constantFrom('\n', ' ', ':', '-', '.', '9', 'x', '\u0000', '/', 'é'), maxLength: 12 }), fc.boolean(), ([name, text], where, rubbish, isCut) => {
      const whole = text ?? ''
      // Near the beginning is where most meaning is.
      const at = Math.floor(where ** 3 * whole.length)
      machine.write({ [name]: whole.slice(0, at) + rubbish + (isCut ? '' : whole.slice(at)) })
      const { failures, value } = machine.look()
      machine.write({ [name]: whole })
      expect(failures.filter(({ probe }) => !['cpu', 'load', 'memory', 'uptime'].includes(probe))).toEqual([])
      expect(value('probe.success', 'network')).toBe(1)
    }), { numRuns: 150 })
    expect(machine.look().failures).toEqual([])
  })

  it('leaves out numbers too great to be any', () => {
    const { value } = begin(PLAIN, { 'proc/uptime': `1 ${'9'.repeat(400)}\n`, 'proc/sys/fs/file-nr': `${'9'.repeat(400)} 0 5\n` }).look()
    expect([value('files.open'), value('files.limit')]).toEqual([undefined, 5])
  })
})

describe('things that come and go', () => {
  it('a processor taken out and put back', () => {
    const machine = begin(PLAIN)
    const cores = (): readonly unknown[] => {
      const { value, tags } = machine.look()
      return [value('cpu.cores'), ...tags('cpu.time.user')]
    }
    expect(cores()).toEqual([2, '', '0', '1'])
    machine.write({ 'proc/stat': 'cpu  1 1 1 1 1 1 1 1\ncpu0 1 1 1 1 1 1 1 1\nctxt 1\n' })
    expect(cores()).toEqual([1, '', '0'])
    machine.write({ 'proc/stat': PLAIN['proc/stat'] ?? '' })
    expect(cores()).toEqual([2, '', '0', '1'])
  })

  it('a disk plugged in before another and pulled out again', () => {
    const line = (name: string): string => `8 0 ${name} 1 2 3 4 5 6 7 8 9 10 11\n`
    const machine = begin(PLAIN, { 'proc/diskstats': line('sdb') + line('sdc'), 'sys/block/sdb/size': '1', 'sys/block/sdc/size': '1' })
    expect(machine.look().tags('disk.reads')).toEqual(['sdb', 'sdc'])
    machine.write({ 'proc/diskstats': line('sda') + line('sda1') + line('sdb') + line('sdc'), 'sys/block/sda/size': '1' })
    expect(machine.look().tags('disk.reads')).toEqual(['sda', 'sdb', 'sdc'])
    machine.write({ 'proc/diskstats': line('sdc') })
    expect(machine.look().tags('disk.reads')).toEqual(['sdc'])
  })

  it('an interface whose name is given to another kind of interface later', () => {
    const line = (name: string): string => `${name}: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n`
    const machine = begin(PLAIN, { 'proc/net/dev': line('lo') + line('net0'), 'sys/class/net/net0/device/vendor': '1' })
    expect(machine.look().value('network.virtual', 'net0')).toBe(0)
    machine.write({ 'proc/net/dev': line('lo'), 'sys/class/net/net0': null })
    expect(machine.look().tags('network.virtual')).toEqual(['lo'])
    machine.write({ 'proc/net/dev': line('lo') + line('net0'), 'sys/devices/virtual/net/net0/mtu': '1' })
    expect(machine.look().value('network.virtual', 'net0')).toBe(1)
  })

  it('a file that appears is found some looks later', () => {
    const machine = begin(PLAIN)
    expect(machine.look().tags('pressure.some')).toEqual([])
    machine.write({ 'proc/pressure/io': BARE_METAL['proc/pressure/io'] ?? '' })
    const looks = Array.from({ length: 40 }, () => machine.look().tags('pressure.some').length)
    expect([looks[0], looks.at(-1)]).toEqual([0, 1])
  })
})

describe('the clock', () => {
  it('tells by how much it was set, forward and back, and takes drift for none', () => {
    const machine = begin(PLAIN)
    const later = (byMs: number, wallMs: number): number | undefined => {
      machine.clock.monotonicMs += byMs
      machine.clock.wallMs += wallMs
      return machine.look().value('clock.step')
    }
    expect(machine.look().value('clock.step')).toBeUndefined()
    expect([later(1_000, 1_000), later(1_000, 1_001), later(1_000, 61_000), later(1_000, -2_600_000)]).toEqual([0, 0, 60_000, -2_601_000])
  })

  it('was not set when the machine slept, and may have been set meanwhile', () => {
    const machine = begin(PLAIN)
    const wake = (asleepMs: number, wallMs: number, uptime: string): number | undefined => {
      machine.clock.monotonicMs += 1_000
      machine.clock.wallMs += 1_000 + asleepMs + wallMs
      machine.write({ 'proc/uptime': `${uptime} 0.00\n` })
      return machine.look().value('clock.step')
    }
    machine.write({ 'proc/uptime': '1000.25 0.00\n' })
    machine.look()
    expect([wake(28_800_000, 0, '29801.26'), wake(3_600_000, 90_000, '33402.26'), wake(0, 500, '33403.26')]).toEqual([0, expect.closeTo(90_000, 3), 500])
  })

  it('is asked whether it is kept once a minute; chrony leaves no word', () => {
    const machine = begin(PLAIN, { 'run/systemd/timesync/clock': '', 'run/chrony/chronyd.pid': '1' })
    expect(machine.look().value('clock.synchronized')).toBe(0)
    machine.write({ 'run/systemd/timesync/synchronized': '' })
    expect(machine.look().value('clock.synchronized')).toBe(0)
    machine.clock.monotonicMs += 60_000
    expect(machine.look().value('clock.synchronized')).toBe(1)
    machine.write({ 'run/systemd': null })
    machine.clock.monotonicMs += 60_000
    expect(machine.look().value('clock.synchronized')).toBeUndefined()
  })
})

describe('slow sensors', () => {
  it('are looked at every five seconds and stand in between', () => {
    const machine = begin(BARE_METAL)
    const seen = (): readonly unknown[] => {
      const { value, tags } = machine.look()
      return [value('cpu.frequency', '0'), value('cpu.temperature'), tags('cpu.frequency').length]
    }
    expect(seen()).toEqual([2.25e9, 58, 3])
    machine.write({ 'sys/devices/system/cpu/online': '0\n', 'sys/devices/system/cpu/cpu0/cpufreq/scaling_cur_freq': '1000000\n', 'sys/class/hwmon/hwmon1/temp1_input': '60500\n' })
    expect(seen()).toEqual([2.25e9, 58, 3])
    machine.clock.monotonicMs += 5_000
    expect(seen()).toEqual([1e9, 60.5, 1])
  })

  it('come from a thermal zone where there is no monitor, and not from one that measures nothing', () => {
    const zone = (id: number, type: string, temp: string): Tree => ({ [`sys/class/thermal/thermal_zone${id}/type`]: `${type}\n`, [`sys/class/thermal/thermal_zone${id}/temp`]: `${temp}\n` })
    expect(begin(PLAIN, zone(0, 'acpitz', '27800'), zone(1, 'x86_pkg_temp', '44000'), zone(2, 'x86_pkg_temp', '47000')).look().value('cpu.temperature')).toBe(47)
    system?.close()
    expect(begin(PLAIN, zone(0, 'acpitz', '-273200')).look().value('cpu.temperature')).toBeUndefined()
  })
})

describe('looking at everything', () => {
  it('goes on after a probe that throws, and says how long each took', () => {
    const samples = new Map<string, number>()
    let clock = 0
    const broken = { name: 'broken', measure: () => { throw new Error('no') }, close: () => undefined }
    const sound = { name: 'sound', measure: () => void (clock += 7), close: () => undefined }
    const failures = measureAll([broken, sound], { set: (metric, value, tag = '') => void samples.set(`${metric} ${tag}`, value) }, () => clock)
    expect(failures.map(({ probe }) => probe)).toEqual(['broken'])
    expect(Object.fromEntries(samples)).toEqual({ 'probe.duration broken': 0, 'probe.success broken': 0, 'probe.duration sound': 7, 'probe.success sound': 1 })
  })
})
