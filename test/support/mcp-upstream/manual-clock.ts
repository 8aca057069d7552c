/** Time that passes when the test says so. */
import type { Clock } from '../../../src/mcp/upstream/clock.ts'

export class ManualClock implements Clock {
  #now = 0
  readonly #due = new Set<{ readonly at: number; readonly run: () => void }>()

  now(): number {
    return this.#now
  }

  after(delayMs: number, run: () => void): () => void {
    const entry = { at: this.#now + delayMs, run }
    this.#due.add(entry)
    return () => this.#due.delete(entry)
  }

  /** Runs what falls due, in its order. */
  pass(ms: number): void {
    const end = this.#now + ms
    for (;;) {
      const [next] = [...this.#due].filter(({ at }) => at <= end).sort((one, other) => one.at - other.at)
      if (next === undefined) break
      this.#due.delete(next)
      this.#now = next.at
      next.run()
    }
    this.#now = end
  }
}
