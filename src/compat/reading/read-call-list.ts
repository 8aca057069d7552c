/** Reads calls one after the other, or in a list: objects of JSON, expressions of Python, or both. */
import { CertainCalls, type Desk, type Outcome } from './desk.ts'
import { FINISHED, finished } from './finished.ts'
import { readJsonCall } from './read-json-call.ts'
import { readPythonCall } from './read-python-call.ts'
import { nextToken, skipSpace, tokenAt } from './skip-space.ts'
import type { Reading, Source } from './source.ts'

export interface CallForms {
  readonly json: boolean
  readonly python: boolean
}

const NAME_START = /[\p{L}_]/u
const NO_CALL: Reading<boolean> = finished(false)

/** Ends at what is no call. */
export function* readCallList(desk: Desk, forms: CallForms): Reading<Outcome> {
  const { source } = desk
  if (!(yield* readItem(desk, forms))) return 'none'
  let further: (Desk & { readonly calls: CertainCalls }) | undefined
  for (;;) {
    yield* skipClosings(source)
    // Most calls are in tags: nothing is recorded for what cannot be a further one.
    if (source.text.charAt(source.at) === '<') return 'called'
    if (further === undefined) further = { ...desk, calls: new CertainCalls(desk.calls, source) }
    else further.calls.record()
    if (!(yield* readFurther(further, forms))) {
      further.calls.rewind()
      return 'called'
    }
    further.calls.stop()
  }
}

/** One more call, with what parts it from the one before it. */
function readFurther(desk: Desk, forms: CallForms): Reading<boolean> {
  const token = tokenAt(desk.source)
  if (token === undefined) return readAnyFurther(desk, forms)
  if (isComma(token)) desk.source.skip(1)
  return readItem(desk, forms)
}

function* readAnyFurther(desk: Desk, forms: CallForms): Reading<boolean> {
  const { source } = desk
  if (isComma(tokenAt(source) ?? (yield* nextToken(source)))) source.skip(1)
  return yield* readItem(desk, forms)
}

function isComma(token: string): boolean {
  return token === ',' || token === ';'
}

/** One call, with the brackets of a list before it: two at most. @param depth brackets that were read. */
function readItem(desk: Desk, forms: CallForms, depth = 0): Reading<boolean> {
  const { source } = desk
  const token = tokenAt(source)
  if (token === '[' && depth < 2) {
    source.skip(1)
    return readItem(desk, forms, depth + 1)
  }
  return token === undefined ? readAnyItem(desk, forms, depth) : readItemAt(desk, forms, token)
}

function* readAnyItem(desk: Desk, forms: CallForms, depth: number): Reading<boolean> {
  const { source } = desk
  const token = tokenAt(source) ?? (yield* nextToken(source))
  if (token !== '[' || depth > 1) return yield* readItemAt(desk, forms, token)
  source.skip(1)
  return yield* readItem(desk, forms, depth + 1)
}

function readItemAt(desk: Desk, forms: CallForms, token: string): Reading<boolean> {
  if (forms.json && token === '{') return readJsonCall(desk)
  return forms.python && NAME_START.test(token) ? readPythonCall(desk) : NO_CALL
}

/** Closing brackets, be they too many, and a comma before them. Comments behind a list are no part of it. */
function skipClosings(source: Source): Reading {
  for (;;) {
    const token = tokenAt(source)
    if (token === ',' || token === undefined) return skipAnyClosings(source)
    if (token !== ']' && token !== '}') return FINISHED
    source.skip(1)
  }
}

function* skipAnyClosings(source: Source): Reading {
  for (;;) {
    yield* skipSpace(source)
    const first = source.text.charAt(source.at)
    if (first === ']' || first === '}') source.skip(1)
    else if (first === ',') {
      const recording = source.record()
      source.skip(1)
      yield* skipSpace(source)
      const isClosing = ']}'.includes(source.text.charAt(source.at)) && source.left > 0
      if (isClosing) source.stop(recording)
      else {
        source.rewind(recording)
        return
      }
    } else return
  }
}
