/** Reads calls one after the other, or in a list: objects of JSON, expressions of Python, or both. */
import { type Desk, type Outcome, onceCalled } from './desk.ts'
import { readJsonCall } from './read-json-call.ts'
import { readPythonCall } from './read-python-call.ts'
import { nextToken, skipSpace, tokenAt } from './skip-space.ts'
import type { Reading, Source } from './source.ts'

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
    if (called) yield* skipClosings(source)
    // Most calls are in tags: nothing is recorded for what cannot be a further one.
    if (called && source.text.charAt(source.at) === '<') return 'called'
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

/** Closing brackets, be they too many, and a comma before them. Comments behind a list are no part of it. */
function* skipClosings(source: Source): Reading {
  for (;;) {
    yield* skipSpace(source)
    const first = source.text.charAt(source.at)
    if (first === ']' || first === '}') source.skip(1)
    else if (first === ',') {
      const recording = source.record()
      source.skip(1)
      yield* skipSpace(source)
      const isClosing = ']}'.includes(source.text.charAt(source.at)) && source.left > 0
      if (!isClosing) recording.rewind()
      recording.stop()
      if (!isClosing) return
    } else return
  }
}
