const PROBLEMS: Readonly<Record<string, string>> = { ENOENT: 'there is no such file', EISDIR: 'it is a directory', EACCES: 'it may not be read', ENOTDIR: 'part of its path is a file', ELOOP: 'its links go round in a circle' }

/** Why a file cannot be read, in words; Node's own where there are none of ours. */
export function readProblem({ code = '', message }: NodeJS.ErrnoException): string {
  return PROBLEMS[code] ?? message
}
