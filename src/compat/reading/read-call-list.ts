/** Reads calls one after the other, or in a list: objects of JSON, expressions of Python, or both. */
import { CertainCalls, type Desk, type Outcome } from './desk.ts'
import { FINISHED, finished } from './finished.ts'
import { readJsonCall } from './read-json-call.ts'
import { readPythonCall } from './read-python-call.ts'
import { endOfSpace, nextToken, offsetBehindSpace, tokenAt } from './skip-space.ts'
import type { Reading, Source } from './source.ts'

export interface CallForms {
  readonly json: boolean
  readonly python: boolean
}

const NAME_START = /[\p{L}_]/u
const NO_CALL: Reading<boolean> = finished(false)
const LIST_ENVELOPE = /\{\s*["']?tool_calls?["']?\s*:\s*(?=[[{])/y
const CUT_LIST_ENVELOPE = /\{\s*(?:["']?\w*["']?\s*(?::\s*)?)?$/y
const MAX_ENVELOPE = 256
const USUAL_CALL = '{"name"'
const MAX_BRACKETS = 3

/** Ends at what is no call. */
export function* readCallList(desk: Desk, forms: CallForms): Reading<Outcome> {
  const { source } = desk
  if (!(yield* readItem(desk, forms))) return 'none'
  let further: (Desk & { readonly calls: CertainCalls }) | undefined
  for (;;) {
    yield* skipClosings(source)
    const next = endOfSpace(source.text, source.at)
    // Most calls are in tags: nothing is recorded for what cannot be a further one.
    if (source.text.charAt(next) === '<') {
      source.at = next
      return 'called'
    }
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

/** One call, with the brackets of a list before it. @param depth brackets that were read. */
function readItem(desk: Desk, forms: CallForms, depth = 0): Reading<boolean> {
  const { source } = desk
  const token = tokenAt(source)
  if (token === '[' && depth < MAX_BRACKETS) {
    source.skip(1)
    return readItem(desk, forms, depth + 1)
  }
  return token === undefined ? readAnyItem(desk, forms, depth) : readItemAt(desk, forms, token, depth)
}

function* readAnyItem(desk: Desk, forms: CallForms, depth: number): Reading<boolean> {
  const { source } = desk
  const token = tokenAt(source) ?? (yield* nextToken(source))
  if (token !== '[' || depth >= MAX_BRACKETS) return yield* readItemAt(desk, forms, token, depth)
  source.skip(1)
  return yield* readItem(desk, forms, depth + 1)
}

function readItemAt(desk: Desk, forms: CallForms, token: string, depth: number): Reading<boolean> {
  if (forms.json && token === '{') return readObject(desk, forms, depth)
  return forms.python && NAME_START.test(token) ? readPythonCall(desk) : NO_CALL
}

function readObject(desk: Desk, forms: CallForms, depth: number): Reading<boolean> {
  const { text, at } = desk.source
  const isCall = depth >= MAX_BRACKETS || text.startsWith(USUAL_CALL, at)
  return isCall ? readJsonCall(desk) : readEnvelope(desk, forms, depth)
}

function* readEnvelope(desk: Desk, forms: CallForms, depth: number): Reading<boolean> {
  const isEnvelope = yield* skipListEnvelope(desk.source)
  return yield* isEnvelope ? readItem(desk, forms, depth + 1) : readJsonCall(desk)
}

/** `{"tool_calls":`, which some put around a list. */
function* skipListEnvelope(source: Source): Reading<boolean> {
  for (;;) {
    CUT_LIST_ENVELOPE.lastIndex = source.at
    if (source.ended || source.left > MAX_ENVELOPE || !CUT_LIST_ENVELOPE.test(source.text)) break
    yield
  }
  LIST_ENVELOPE.lastIndex = source.at
  if (!LIST_ENVELOPE.test(source.text)) return false
  source.at = LIST_ENVELOPE.lastIndex
  return true
}

/**
 * Closing brackets, be they too many, and a comma before them. Space behind them is left, since a line may begin there.
 * Comments behind a list are no part of it.
 */
function skipClosings(source: Source): Reading {
  for (;;) {
    const next = endOfSpace(source.text, source.at)
    const token = source.text.charAt(next)
    if (token === ',' || token === '') return skipAnyClosings(source)
    if (token !== ']' && token !== '}') return FINISHED
    source.at = next + 1
  }
}

function* skipAnyClosings(source: Source): Reading {
  for (;;) {
    const next = yield* offsetBehindSpace(source, 0)
    const token = source.text.charAt(source.at + next)
    if (token === '' || !']},'.includes(token)) return
    if (token === ',') {
      const behind = yield* offsetBehindSpace(source, next + 1)
      const after = source.text.charAt(source.at + behind)
      if (after === '' || !']}'.includes(after)) return
    }
    source.skip(next + 1)
  }
}
