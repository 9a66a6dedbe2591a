/** A user or password of an address without its escapes; as it stands where they are none. */
export function unescaped(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
