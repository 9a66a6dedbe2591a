import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { parseFstab } from '../../../src/sources/mounts/fstab.ts'
import { parseMountinfo } from '../../../src/sources/mounts/mountinfo.ts'
import { findPlace, mountsByPath } from '../../../src/sources/mounts/place.ts'

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'place-')))
afterAll(() => rmSync(folder, { recursive: true }))
mkdirSync(join(folder, 'data/deep'), { recursive: true })
for (const [link, to] of [['relative', 'data/deep'], ['absolute', join(folder, 'data')], ['nas/never', '/x'], ['to-nas', 'nas/share/../film'], ['up', '../..'], ['loop', 'loop'], ['lost', 'nowhere']] as const) {
  mkdirSync(join(folder, link, '..'), { recursive: true })
  symlinkSync(to, join(folder, link))
}
const mounts = mountsByPath(parseMountinfo([
  '1 0 8:1 / / rw - ext4 /dev/sda1 rw',
  `2 1 8:2 / ${folder}/data rw - xfs /dev/sdb1 rw`,
  `3 1 0:9 / ${folder}/nas rw - nfs4 nas:/export rw`,
].join('\n')))

const find = (path: string): string => {
  const { mount, path: found, isMountpoint, mayHang, problem } = findPlace(path.startsWith('/') ? path : join(folder, path), mounts)
  return [mount?.mountpoint.replace(folder, '~'), found.replace(folder, '~'), isMountpoint && 'mount point', mayHang && 'may hang', problem].filter((part) => part !== false && part !== null).join(' ')
}

describe('where a path leads', () => {
  it.each([
    ['/', '/ / mount point'],
    ['data', '~/data ~/data mount point'],
    ['data/', '~/data ~/data mount point'],
    ['data/./deep/../deep', '~/data ~/data/deep'],
    ['relative', '~/data ~/data/deep'],
    ['absolute', '~/data ~/data mount point'],
    ['absolute/deep', '~/data ~/data/deep'],
    ['data/no/such', '~/data ~/data/no/such absent'],
    ['lost', '/ ~/nowhere absent'],
    ['loop', '/ ~ absent'],
    ['up', '/ REALUP'],
    // Nothing below a file system that may hang is touched, not even to see whether it is a link.
    ['nas', '~/nas ~/nas mount point may hang'],
    ['nas/never/film', '~/nas ~/nas/never/film may hang'],
    ['to-nas/a', '~/nas ~/nas/share/../film/a may hang'],
  ])('%s', (path, expected) => expect(find(path)).toMatch(expected === '/ REALUP' ? /^\/ \/\S*( mount point)?$/ : new RegExp(`^${expected.replaceAll('.', '\\.')}$`)))
})

describe('fstab', () => {
  it('says what is to be read-only; comments, swap and broken lines say nothing', () => {
    expect([...parseFstab([
      '# /dev/sda9 /old ext4 ro 0 0', 'UUID=1 / ext4 errors=remount-ro 0 1', '/dev/sdb1\t/my\\040disk/\txfs\tdefaults,ro\t0 2', '/dev/sdc1 none swap sw 0 0', '/dev/sdd1', '', '/dev/sde1 /both ext4 ro,rw', 'tmpfs /tmp tmpfs',
    ].join('\n'))]).toEqual([['/', false], ['/my disk', true], ['/both', false], ['/tmp', false]])
  })
})
