import { describe, expect, it } from 'vitest'
import { hostsEntries } from '../../src/services/hosts-file.ts'

describe('the hosts file', () => {
  it('has addresses for a name, in its order, whatever the case', () => {
    const text = '127.0.0.1\tlocalhost\n# 10.0.0.9 nas\n10.0.0.7   nas.lan NAS # the box\n::1 localhost\n\nbroken\n10.0.0.8 nas'
    expect(hostsEntries(text, 'nas')).toEqual(['10.0.0.7', '10.0.0.8'])
    expect(hostsEntries(text, 'localhost.')).toEqual(['127.0.0.1', '::1'])
    expect(hostsEntries(text, 'broken')).toEqual([])
    expect(hostsEntries(text, 'box')).toEqual([])
  })
})
