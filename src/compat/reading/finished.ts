/** A reading that has its result already: `yield*` gets it without a generator being made, which most readings need not be. */
import type { Reading } from './source.ts'

/** Both the reading and its iterator: nothing changes in it, so that it may be read any number of times. */
class Finished<Result> implements Iterator<void, Result, void>, Reading<Result> {
  readonly #result: IteratorResult<void, Result>

  constructor(value: Result) {
    this.#result = { done: true, value }
  }

  next(): IteratorResult<void, Result> {
    return this.#result
  }

  [Symbol.iterator](): this {
    return this
  }
}

export function finished<Result>(value: Result): Reading<Result> {
  return new Finished(value)
}

/** Nothing was to be read, and nothing comes of it. */
export const FINISHED: Reading = finished(undefined)
