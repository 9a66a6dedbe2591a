import type { ByteScanner } from './byte-scanner.ts'

/** Takes the numbers of lines like `MemTotal: 16 kB` into `values`, in the order of `keys`, which name what stands before the number, blank or colon included; NaN for what is not there. */
export function scanKeyed(scanner: ByteScanner, keys: readonly string[], values: Float64Array): void {
  values.fill(Number.NaN)
  let missing = keys.length
  do {
    for (let index = 0; index < keys.length; index++) {
      if (!scanner.take(keys[index] ?? '')) continue
      const value = scanner.number()
      if (Number.isNaN(values[index]) && !Number.isNaN(value)) {
        values[index] = value
        missing--
      }
      break
    }
  } while (missing > 0 && scanner.nextLine())
}
