/** A reading that has its result already: `yield*` gets it without a generator being made, which most readings need not be. */
import type { Reading } from './source.ts'

export function finished<Result>(value: Result): Reading<Result> {
  const result: IteratorResult<void, Result> = { done: true, value }
  const iterator = { next: () => result }
  return { [Symbol.iterator]: () => iterator }
}

/** Nothing was to be read, and nothing comes of it. */
export const FINISHED: Reading = finished(undefined)
