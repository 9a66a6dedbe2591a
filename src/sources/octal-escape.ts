/** A path as proc_pid_mountinfo(5) writes it, in plain: blanks, line breaks and backslashes are three octal digits there. */
export function unescapeOctal(text: string): string {
  return text.replaceAll(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)))
}
