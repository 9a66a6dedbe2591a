/** Whether a name or path fits a pattern: `*` is any text, `?` any character. Takes linear time for each `*`. */
export function fitsPattern(name: string, pattern: string): boolean {
  let at = 0
  let wanted = 0
  let star = -1
  let from = 0
  while (at < name.length) {
    if (pattern[wanted] === '*') {
      star = wanted++
      from = at
    } else if (wanted < pattern.length && (pattern[wanted] === '?' || pattern[wanted] === name[at])) {
      wanted++
      at++
    } else if (star >= 0) {
      wanted = star + 1
      at = ++from
    } else return false
  }
  while (pattern[wanted] === '*') wanted++
  return wanted === pattern.length
}
