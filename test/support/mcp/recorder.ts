/** Keeps what comes, and lets a test wait for what it expects: by the order of events, not by the clock. */
export class Recorder<Item> {
  readonly items: Item[] = []
  readonly #waiting = new Set<() => void>()
  #isOver = false

  add(item: Item): void {
    this.items.push(item)
    for (const look of [...this.#waiting]) look()
  }

  /** Nothing comes any more. */
  end(): void {
    this.#isOver = true
    for (const look of [...this.#waiting]) look()
  }

  /** Resolves when everything has come. */
  async over(): Promise<Item[]> {
    if (!this.#isOver) {
      await new Promise<void>((resolve) => {
        const look = () => {
          if (!this.#isOver) return
          this.#waiting.delete(look)
          resolve()
        }
        this.#waiting.add(look)
      })
    }
    return this.items
  }

  /** The first item, of those that came and those that come, for which this holds. */
  find(fits: (item: Item) => boolean): Promise<Item> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const found = this.items.find(fits)
        if (found !== undefined) resolve(found)
        else if (this.#isOver) reject(new Error(`it ended after ${JSON.stringify(this.items)}`))
        else return
        this.#waiting.delete(look)
      }
      this.#waiting.add(look)
      look()
    })
  }
}
