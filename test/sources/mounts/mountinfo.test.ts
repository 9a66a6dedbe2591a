import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isLocal, mountsThatMatter, parseMountinfo } from '../../../src/sources/mounts/mountinfo.ts'

const shown = (text: string): string[] => mountsThatMatter(parseMountinfo(text)).map(({ mountpoint }) => mountpoint)

describe('mountinfo', () => {
  it('is read with its escapes, with and without optional fields', () => {
    expect(parseMountinfo('36 35 8:1 / /mnt/my\\040disk\\134x rw,noatime shared:1 master:2 - ext4 /dev/sda1 ro,errors=remount-ro\n')).toEqual([
      { mountpoint: '/mnt/my disk\\x', number: '8:1', root: '/', type: 'ext4', device: '/dev/sda1', isReadOnly: true, isForcedReadOnly: true },
    ])
  })

  it('takes any text', () => {
    fc.assert(fc.property(fc.string(), (text) => void shown(text)))
  })

  it('shows what a server of ordinary make has, and nothing of the kernel', () => {
    expect(shown([
      '22 1 0:21 / /proc rw - proc proc rw',
      '23 1 8:2 / /boot/efi rw - vfat /dev/sda2 rw',
      '24 1 8:1 / / rw - ext4 /dev/sda1 rw',
      '25 1 0:30 / /run/user/1000 rw - tmpfs tmpfs rw',
      '26 1 0:31 / /dev/shm rw - tmpfs tmpfs rw',
      '27 1 7:1 / /snap/core/1 ro - squashfs /dev/loop1 ro',
      '28 1 0:40 / /media/nas rw - nfs4 nas:/export rw',
      '29 1 0:50 / /var/lib/docker/overlay2/x/merged rw - overlay overlay rw',
      '30 1 0:51 / /home rw - autofs systemd-1 rw',
    ].join('\n'))).toEqual(['/', '/boot/efi', '/media/nas', '/dev/shm'])
  })

  it('shows a file system once, where its path is shortest', () => {
    expect(shown('1 0 8:1 /srv /home/a/b rw - xfs /dev/sda1 rw\n2 0 8:1 / /data rw - xfs /dev/sda1 rw\n3 0 8:1 / /data/again rw - xfs /dev/sda1 rw')).toEqual(['/data'])
  })

  it('shows what lies on top where two are mounted on one path', () => {
    const mounts = mountsThatMatter(parseMountinfo('1 0 8:1 / /data rw - xfs /dev/sda1 rw\n2 1 8:2 / /data rw - ext4 /dev/sdb1 rw'))
    expect(mounts.map(({ device }) => device)).toEqual(['/dev/sdb1'])
  })

  it('shows the overlay that a container has as its root', () => {
    expect(shown('1 0 0:50 / / rw - overlay overlay rw')).toEqual(['/'])
  })

  it('shows no more than 64, disks before those in memory', () => {
    const lines = Array.from({ length: 100 }, (_, each) => (each < 50 ? `1 0 0:${each} / /m${each} rw - tmpfs none rw` : `1 0 8:${each} / /d${each} rw - ext4 /dev/x rw`))
    const found = shown(lines.join('\n'))
    expect(found).toHaveLength(64)
    expect(found[0]).toBe('/d50')
  })

  it('takes every type it does not know for one that may hang', () => {
    expect(['ext4', 'tmpfs'].every((type) => isLocal({ type }))).toBe(true)
    expect(['nfs4', 'cifs', 'fuse.sshfs', '9p', 'whatever'].some((type) => isLocal({ type }))).toBe(false)
  })
})
