/** What routing must know of a request, read from its bytes; and the one change that a relayed body gets. */
import type { Glance, WireRequest } from '../codec.ts'
import { blameClient } from '../ir/blame-client.ts'
import { expectArray, expectObject, optional, refuse } from '../ir/expect.ts'
import type { JsonObject } from '../ir/extra.ts'
import { containsStart, containsToken } from '../json/contains.ts'
import { JsonError } from '../json/json-error.ts'
import { longStringBytes } from '../json/long-strings.ts'
import { replaceSpans } from '../json/replace.ts'
import { type JsonMembers, scanObject } from '../json/scan.ts'
import { readValue, type Span, textOf } from '../json/span.ts'
import { actionOf, asksForEvents, asksForStream, modelOf } from './action.ts'
import { readNames } from './keep.ts'

/** Base64 below this is an id or a signature. */
const PAYLOAD_BYTES = 512

const WRAPPED = ['generateContentRequest', 'generate_content_request']

/** @throws ApiFailure `bad-request` for bytes that are no JSON object, and for what no request of this API lacks. */
export function glanceAt(wire: WireRequest, body: Uint8Array): Glance {
  return blameClient(JsonError, () => {
    const members = scanObject(body)
    const wrapped = WRAPPED.map((name) => members.last(name)).find((span) => span !== undefined)
    if (wrapped !== undefined && wire.endpoint.operation === 'count-tokens') {
      return glanceAt(wire, body.subarray(wrapped.start, wrapped.end))
    }
    const model = modelOf(wire, readMembers(body, members, ['model']))
    const contents = members.last('contents')
    if (wire.endpoint.operation === 'embed') checkInputs(wire, body, members)
    else checkContents(body, contents)
    const media = hasMedia(body, contents)
    const hasFiles = (start: string) => media && containsStart(body, start, contents)
    return {
      model,
      stream: asksForStream(wire),
      // A back end is always asked for events, which a client that wants the growing array could not read.
      ...(asksForStream(wire) && !asksForEvents(wire) ? { irregular: true } : {}),
      thinking: asksForThinking(body, members),
      needs: {
        tools: isFilled(body, members.last('tools')),
        images: hasFiles('image/'),
        audio: hasFiles('audio/'),
        files: hasFiles('application/') || hasFiles('video/') || hasFiles('text/'),
      },
      textBytes: body.length - longStringBytes(body, PAYLOAD_BYTES),
    }
  })
}

/** The same bytes with another model, where they name one: the call's own stands in its path. */
export function renameModel(body: Uint8Array, model: string): Uint8Array {
  return blameClient(JsonError, () => {
    const members = scanObject(body)
    const spans = [...members.all('model'), ...modelsOfInputs(body, members)]
    const [first] = spans
    if (first === undefined) return body
    const named = readValue(body, first)
    const prefix =
      typeof named === 'string' && named.startsWith('models/') && !model.startsWith('models/') ? 'models/' : ''
    return replaceSpans(body, spans, JSON.stringify(prefix + model))
  })
}

/** Each entry of a list to embed names the model again. */
function modelsOfInputs(body: Uint8Array, members: JsonMembers): readonly Span[] {
  return members.all('requests').flatMap((list) =>
    elementsOf(body, list).flatMap(({ start, end }) =>
      scanObject(body.subarray(start, end))
        .all('model')
        .map((span) => ({ start: start + span.start, end: start + span.end })),
    ),
  )
}

const OPEN_BRACKET = 0x5b
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d
const QUOTE = 0x22
const BACKSLASH = 0x5c

/** Where the objects of a list stand, whose grammar has been checked. */
function elementsOf(body: Uint8Array, list: Span): readonly Span[] {
  const spans: Span[] = []
  let depth = 0
  let start = 0
  for (let at = list.start + 1; at < list.end - 1; at++) {
    const byte = body[at]
    if (byte === QUOTE) {
      at++
      while (body[at] !== QUOTE) at += body[at] === BACKSLASH ? 2 : 1
    } else if (byte === OPEN_BRACE) {
      if (depth === 0) start = at
      depth++
    } else if (byte === CLOSE_BRACE) {
      depth--
      if (depth === 0) spans.push({ start, end: at + 1 })
    }
  }
  return spans
}

function readMembers(body: Uint8Array, members: JsonMembers, names: readonly string[]): JsonObject {
  const read: Record<string, unknown> = {}
  for (const name of names) {
    const span = members.last(name)
    if (span !== undefined) read[name] = readValue(body, span)
  }
  return read
}

function checkContents(body: Uint8Array, span: Span | undefined): void {
  // A list may be long: it is not read, only seen to be one. One content may stand for a list (Q74).
  if (span === undefined || body[span.start] === 0x6e) refuse('contents', 'expected what is said to the model')
  const first = body[span.start]
  if (first === OPEN_BRACKET && !isFilled(body, span)) refuse('contents', 'expected at least one content')
  if (first !== OPEN_BRACKET && first !== OPEN_BRACE && first !== QUOTE) expectArray(readValue(body, span), 'contents')
}

function checkInputs(wire: WireRequest, body: Uint8Array, members: JsonMembers): void {
  const name = actionOf(wire) === 'batchEmbedContents' ? 'requests' : 'content'
  const span = members.last(name)
  if (span === undefined) refuse(name, 'expected what is to be embedded')
  if (name === 'requests' && body[span.start] !== OPEN_BRACKET) expectArray(readValue(body, span), name)
}

/** Something stands between its brackets; this API takes one thing for a list of one, too (Q74). */
function isFilled(body: Uint8Array, span: Span | undefined): boolean {
  if (span === undefined || (body[span.start] !== OPEN_BRACKET && body[span.start] !== OPEN_BRACE)) return false
  return textOf(body, { start: span.start + 1, end: Math.min(span.end - 1, span.start + 64) }).trim() !== ''
}

const MEDIA = ['inlineData', 'inline_data', 'fileData', 'file_data']

function hasMedia(body: Uint8Array, contents: Span | undefined): boolean {
  return contents !== undefined && MEDIA.some((name) => containsToken(body, name, contents))
}

/** Visible thoughts, a budget or a level: any of them but one that says no. */
function asksForThinking(body: Uint8Array, members: JsonMembers): boolean {
  const span = members.last('generationConfig') ?? members.last('generation_config')
  if (span === undefined || body[span.start] !== OPEN_BRACE) return false
  const config = readNames(readValue(body, span) as JsonObject)
  const given = optional(config.thinkingConfig, 'generationConfig.thinkingConfig', expectObject)
  if (given === undefined) return false
  const { includeThoughts, thinkingBudget, thinkingLevel } = readNames(given)
  if (includeThoughts === true) return true
  if (typeof thinkingBudget === 'number') return thinkingBudget !== 0
  return typeof thinkingLevel === 'string' && !/^(?:thinking_level_unspecified|minimal)$/i.test(thinkingLevel)
}
