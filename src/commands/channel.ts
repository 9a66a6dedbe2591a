/** Values pushed from callbacks and read with `for await`, by one reader. */
export class Channel<T> {
  readonly #values: T[] = []
  #wake: () => void = () => undefined
  #closed = false

  /** How many values nobody has read yet. */
  get waiting(): number {
    return this.#values.length
  }

  push(value: T): void {
    this.#values.push(value)
    this.#wake()
  }

  /** The reader gets what is left, then comes to an end. */
  close(): void {
    this.#closed = true
    this.#wake()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T> {
    for (;;) {
      for (let value = this.#values.shift(); value !== undefined; value = this.#values.shift()) yield value
      if (this.#closed) return
      await new Promise<void>((wake) => {
        this.#wake = wake
      })
    }
  }
}
