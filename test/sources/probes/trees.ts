import type { Tree } from './look.ts'

const CORES = 64

/** What every Linux has. */
export const PLAIN: Tree = {
  'proc/stat': 'cpu  200 20 100 1000 40 1 5 7 50 0\ncpu0 100 10 50 500 20 1 3 4 25 0\ncpu1 100 10 50 500 20 0 2 3 25 0\nintr 12345 0 1 2 3\nctxt 777\nbtime 1700000000\nprocesses 99\nprocs_running 3\nprocs_blocked 1\nsoftirq 5 1 2\n',
  'proc/loadavg': '3.42 2.10 1.04 3/512 4711\n',
  'proc/meminfo': 'MemTotal:        2000000 kB\nMemFree:          500000 kB\nMemAvailable:    1200000 kB\nBuffers:           10000 kB\nCached:           700000 kB\nSwapCached:            1 kB\nSwapTotal:             0 kB\nSwapFree:              0 kB\nDirty:                40 kB\nWriteback:             4 kB\nShmem:              8000 kB\nSlab:              30000 kB\nSReclaimable:      20000 kB\n',
  'proc/uptime': '1000.25 1500.50\n',
}

/** A big machine of its own with everything there is. */
export const BARE_METAL: Tree = {
  ...PLAIN,
  'proc/stat': [
    'cpu  6400 640 3200 64000 640 64 128 0 320 0',
    ...Array.from({ length: CORES }, (_, core) => `cpu${core} ${100 + core} 10 50 1000 10 1 2 0 5 0`),
    `intr 123456789 ${'0 '.repeat(40_000)}`, 'ctxt 9007199254740991', 'btime 1700000000', 'processes 500000', 'procs_running 17', 'procs_blocked 2', 'softirq 1 2 3', '',
  ].join('\n'),
  'proc/meminfo': `MemTotal:       1056286020 kB\nMemFree:        700000000 kB\nMemAvailable:   900000000 kB\nBuffers:          100000 kB\nCached:         150000000 kB\nSwapTotal:      8388604 kB\nSwapFree:       6291453 kB\nDirty:             62464 kB\nWriteback:            12 kB\nShmem:           1000000 kB\nSlab:            2000000 kB\nSReclaimable:    1500000 kB\nHugePages_Total:       0\n`,
  'proc/vmstat': `nr_free_pages 1\n${Array.from({ length: 300 }, (_, row) => `nr_filler_${row} ${row}`).join('\n')}\npswpin 11\npswpout 22\npgfault 999\npgmajfault 4242\noom_kill 3\n`,
  'proc/pressure/cpu': 'some avg10=12.40 avg60=5.00 avg300=1.25 total=1049305640\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=0\n',
  'proc/pressure/memory': 'some avg10=0.00 avg60=0.10 avg300=0.00 total=5\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=4\n',
  'proc/pressure/io': 'some avg10=3.10 avg60=0.00 avg300=0.00 total=14206542\nfull avg10=2.00 avg60=0.00 avg300=0.00 total=10674564\n',
  'proc/diskstats': [
    '   7       0 loop0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0',
    '   7       1 loop1 40 0 80 3 0 0 0 0 0 4 3',
    '   1       0 ram0 0 0 0 0 0 0 0 0 0 0 0',
    ' 253       0 zram0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0',
    '   8       0 sda 181841 31843 7160162 75285 81548 298183 8828632 33339 2 26824 120636 183181 403 4584040 11891 3139 119',
    '   8       1 sda1 1 1 1 1 1 1 1 1 1 1 1',
    ' 259       0 nvme0n1 10 0 20 30 40 0 50 60 0 70 80 0 0 0 0 0 0',
    ' 259       1 nvme0n1p1 1 1 1 1 1 1 1 1 1 1 1',
    ' 259       9 nvme0c0n1 1 1 1 1 1 1 1 1 1 1 1',
    ' 254       0 dm-0 5 0 6 7 8 0 9 10 0 11 12',
    ' 254       1 dm-1 0 0 0 0 0 0 0 0 0 0 0',
    ' 254      10 dm-10 5 0 6 7 8 0 9 10 0 11 12',
    '   9     127 md127 5 0 6 0 8 0 9 0 0 0 0',
    ' 104       0 cciss/c0d0 5 0 6 0 8 0 9 0 0 0 0',
    '',
  ].join('\n'),
  ...Object.fromEntries(['loop0', 'loop1', 'ram0', 'zram0', 'sda', 'nvme0n1', 'dm-0', 'dm-1', 'dm-10', 'md127', 'cciss!c0d0'].map((disk) => [`sys/block/${disk}/hidden`, '0\n'])),
  'sys/block/nvme0c0n1/hidden': '1\n',
  'proc/net/dev': [
    'Inter-|   Receive                                                |  Transmit',
    ' face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed',
    '    lo: 37644691541 147376952    0    0    0     0          0         0 37644691541 147376952    0    0    0     0       0          0',
    'enp3s0f0:1998410251   63555    1    2    0     0          0         0  7509933   45770    3    4    0     0       0          0',
    'veth12ab: 1 2 3 4 0 0 0 0 5 6 7 8 0 0 0 0',
    '',
  ].join('\n'),
  'sys/class/net/lo/mtu': '65536\n',
  'sys/class/net/enp3s0f0/device/vendor': '0x8086\n',
  'sys/class/net/veth12ab/mtu': '1500\n',
  'proc/net/snmp': 'Ip: Forwarding DefaultTTL\nIp: 1 64\nTcp: RtoAlgorithm RtoMin RtoMax MaxConn ActiveOpens PassiveOpens AttemptFails EstabResets CurrEstab InSegs OutSegs RetransSegs InErrs OutRsts InCsumErrors\nTcp: 1 200 120000 -1 64986 53516 11185 15756 812 147439927 147423771 411 0 20155 0\nUdp: InDatagrams\nUdp: 1\n',
  'proc/net/sockstat': 'sockets: used 1717\nTCP: inuse 820 orphan 0 tw 14 alloc 830 mem 214\nUDP: inuse 0 mem 0\n',
  'proc/sys/fs/file-nr': '5930\t0\t9223372036854775807\n',
  'sys/devices/system/cpu/online': '0-1,4\n',
  'sys/devices/system/cpu/cpu0/cpufreq/scaling_cur_freq': '2250000\n',
  'sys/devices/system/cpu/cpu1/cpufreq/scaling_cur_freq': '800000\n',
  'sys/devices/system/cpu/cpu4/cpufreq/scaling_cur_freq': '3400000\n',
  'sys/class/hwmon/hwmon0/name': 'nvme\n',
  'sys/class/hwmon/hwmon0/temp1_input': '99000\n',
  'sys/class/hwmon/hwmon1/name': 'coretemp\n',
  'sys/class/hwmon/hwmon1/temp1_input': '58000\n',
  'sys/class/hwmon/hwmon1/temp1_label': 'Package id 0\n',
  'sys/class/hwmon/hwmon1/temp2_input': '71000\n',
  'sys/class/hwmon/hwmon1/temp2_label': 'Core 0\n',
  'run/systemd/timesync/synchronized': '',
}

/** Linux 3.2: no MemAvailable, no PSI, no oom_kill, no mention of interrupts stolen. */
export const OLD_KERNEL: Tree = {
  'proc/stat': 'cpu  100 10 50 500 20 1 3\ncpu0 100 10 50 500 20 1 3\nintr 12345 0 1\nctxt 777\nbtime 1300000000\nprocesses 99\nprocs_running 1\nprocs_blocked 0\n',
  'proc/loadavg': '0.00 0.01 0.05 1/80 1234\n',
  'proc/meminfo': 'MemTotal:         500000 kB\nMemFree:          100000 kB\nBuffers:           20000 kB\nCached:           150000 kB\nSwapTotal:        100000 kB\nSwapFree:         100000 kB\nDirty:                 0 kB\nWriteback:             0 kB\nShmem:             50000 kB\nSlab:              40000 kB\nSReclaimable:      30000 kB\n',
  'proc/vmstat': 'pgmajfault 7\npswpin 1\npswpout 0\n',
  'proc/uptime': '55.01 50.00\n',
  'proc/diskstats': '   8       0 sda 10 0 20 30 40 0 50 60 0 70 80\n   8       1 sda1 10 20 30 40\n   8      16 sdb 1 2 3 4 5 6 7 8 0 1 2\n   8      17 sdb1 1 2 3 4 5 6 7 8 0 1 2\n',
  'proc/net/dev': 'Inter-|   Receive  |  Transmit\n face |bytes packets\n  eth0:123456789     10    0    0    0     0          0         0     4321      20    0    0    0     0       0          0\neth0:1: 5 1 0 0 0 0 0 0 6 1 0 0 0 0 0 0\n',
  'proc/cpuinfo': 'processor\t: 0\nmodel name\t: Old\ncpu MHz\t\t: 1600.500\n\n',
}
