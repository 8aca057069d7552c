import type { CertainCalls, Outcome } from './desk.ts'
import type { Reading } from './source.ts'

/** What a reading comes to; `none` when it has gone on for too long without a call. No generator, since every piece of text passes through it. */
export class BoundedReading implements Iterator<void, Outcome, void>, Reading<Outcome> {
  readonly #steps: Iterator<void, Outcome, void>
  readonly #calls: CertainCalls

  constructor(reading: Reading<Outcome>, calls: CertainCalls) {
    this.#steps = reading[Symbol.iterator]()
    this.#calls = calls
  }

  next(): IteratorResult<void, Outcome> {
    const step = this.#steps.next()
    return step.done !== true && this.#calls.isEndless ? { done: true, value: 'none' } : step
  }

  [Symbol.iterator](): this {
    return this
  }
}
