import { describe, expect, it } from 'vitest'
import { below, readHostPort, readUrl, showUrl } from '../../src/health/web-address.ts'

describe('an address of a check', () => {
  it.each([
    ['nas:80', undefined, { host: 'nas', port: 80 }], ['10.0.0.1:53', 53, { host: '10.0.0.1', port: 53 }], ['10.0.0.1', 53, { host: '10.0.0.1', port: 53 }],
    ['[::1]:8080', undefined, { host: '::1', port: 8_080 }], ['fd00::53', 53, { host: 'fd00::53', port: 53 }], ['::1', 53, { host: '::1', port: 53 }], ['[fe80::1%eth0]:53', 53, { host: 'fe80::1%eth0', port: 53 }], ['fe80::1%eth0', 53, { host: 'fe80::1%eth0', port: 53 }],
  ])('is read: %s', (text, preset, address) => {
    expect(readHostPort(text, preset)).toEqual(address)
  })

  it('is put below a base that has a path', () => {
    expect(below(readUrl('https://me:secret@nas/plex/?x=1'), '/identity').href).toBe('https://nas/plex/identity')
  })

  it('is shown without what may be secret', () => {
    expect(showUrl(readUrl('https://me:secret@nas:8443/a/b?key=secret#secret'))).toBe('https://nas:8443/a/b')
  })
})
