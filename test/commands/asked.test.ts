import { expect, test } from 'vitest'
import { readAsked } from '../../src/commands/asked.ts'

test.each([
  [['health', '--format', 'nagios'], 'health', 'nagios', undefined],
  [['--format=json', '--config', 'health', 'load', 'x.yaml'], 'load', 'json', 'health'],
  [['--quiet', 'health', '--format=human', '--format', 'nagios'], 'health', 'nagios', undefined],
  [['health', '--format'], 'health', undefined, undefined],
  [['--nope', '-x'], undefined, undefined, undefined],
  [[], undefined, undefined, undefined],
])('%j asks for the command %s, the format %s and the configuration %s', (argv, command, format, config) => {
  expect(readAsked(argv)).toEqual({ command, format, config })
})
