/** Reads calls one after the other, or in a list: objects of JSON, expressions of Python, or both. */
import { type Desk, type Outcome, onceCalled } from './desk.ts'
import { readJsonCall } from './read-json-call.ts'
import { readPythonCall } from './read-python-call.ts'
import { nextToken, tokenAt } from './skip-space.ts'
import type { Reading } from './source.ts'

export interface CallForms {
  readonly json: boolean
  readonly python: boolean
}

const NAME_START = /[\p{L}_]/u

/** Ends at what is no call. */
export function* readCallList(desk: Desk, forms: CallForms): Reading<Outcome> {
  const { source } = desk
  let called = false
  for (;;) {
    let token = tokenAt(source) ?? (yield* nextToken(source))
    // Closing brackets too many are forgiven.
    while (called && (token === ']' || token === '}')) {
      source.skip(1)
      token = tokenAt(source) ?? (yield* nextToken(source))
    }
    const recording = source.record()
    const recorded = onceCalled(desk, recording.stop)
    if (yield* readItem(recorded, forms, called)) {
      called = true
      continue
    }
    if (called) recording.rewind()
    recording.stop()
    return called ? 'called' : 'none'
  }
}

/** One call, with what parts it from the one before it, and the bracket of a list. */
function* readItem(desk: Desk, forms: CallForms, isFurther: boolean): Reading<boolean> {
  const { source } = desk
  let token = tokenAt(source) ?? (yield* nextToken(source))
  if (isFurther && (token === ',' || token === ';')) {
    source.skip(1)
    token = tokenAt(source) ?? (yield* nextToken(source))
  }
  for (let depth = 0; token === '[' && depth < 2; depth++) {
    source.skip(1)
    token = tokenAt(source) ?? (yield* nextToken(source))
  }
  if (forms.json && token === '{') return yield* readJsonCall(desk)
  return forms.python && NAME_START.test(token) && (yield* readPythonCall(desk))
}
