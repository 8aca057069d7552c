/** The stream of an answer, from bytes to events. */
import type { AnswerContext, StreamDecoder } from '../codec.ts'
import { createSseDecoder, type SseEvent } from '../framing/sse.ts'
import { tellTooLong } from '../framing/tell-too-long.ts'
import { type ApiError, ApiFailure } from '../ir/error.ts'
import type { StreamEvent } from '../ir/event.ts'
import type { JsonObject } from '../ir/extra.ts'
import { listLosses } from '../ir/loss.ts'
import { decodeHead } from './answer-head.ts'
import { readFailedAnswer, readFailure } from './failure.ts'
import { decodeFinish } from './finish.ts'
import { isObject } from './is-object.ts'
import { createItemReader, type ItemReader } from './stream-item.ts'
import { decodeUsage } from './usage.ts'

const DONE = '[DONE]'
/** So many events in a row that nobody understands are no stream of this protocol (F65). */
const MOST_STRANGE_EVENTS = 10

type ReadEvent = (event: JsonObject) => void

/** Reads the streams of OpenAI and of its copies. Events are known by the `type` in their data: some have no other name (Q8). */
export function createStreamDecoder(answer: AnswerContext, emit: (event: StreamEvent) => void): StreamDecoder {
  const { losses, report } = listLosses()
  const sse = createSseDecoder(readEvent)
  const items = new Map<number, ItemReader>()
  const places = new Map<unknown, number>()
  let parts = 0
  let started = false
  let strange = 0
  let done = false

  const context = { answer, emit, nextPart: () => parts++ }

  function fail(error: ApiError): void {
    done = true
    emit({ type: 'error', error })
  }

  function readEvent({ event: name, data }: SseEvent): void {
    if (done || data.trim() === DONE) return
    const event = parse(data)
    const type = typeof event?.type === 'string' ? event.type : name
    if (event === undefined) skip(data)
    else if (!understand(type, event)) skip(data)
    else strange = 0
  }

  /** @returns false for an object that is no event, or in which something is not what it ought to be. */
  function understand(type: string, event: JsonObject): boolean {
    const read = READERS.get(type)
    try {
      if (read !== undefined) read(event)
      else if (type === '' || type === 'message' || !type.includes('.')) return readLoose(type, event)
      return true
    } catch (error) {
      if (error instanceof ApiFailure) return false
      throw error
    }
  }

  /** An error without a name, and what some send to keep the line alive. */
  function readLoose(type: string, event: JsonObject): boolean {
    const failure = event.error === undefined ? undefined : readFailure(event)
    if (failure !== undefined) fail(failure)
    return failure !== undefined || type === 'keepalive' || type === 'ping'
  }

  function skip(data: string): void {
    strange++
    report('stream', `an event that is none of an answer: ${data.slice(0, 60)}`)
    if (strange <= MOST_STRANGE_EVENTS) return
    fail({
      kind: 'upstream-failed',
      message: `The provider sent ${strange} events in a row that are none of an answer.`,
      source: 'provider',
    })
  }

  function readStart({ response }: JsonObject): void {
    if (!isObject(response) || started) return
    started = true
    emit({ type: 'start', ...decodeHead(response) })
  }

  /** The item that an event is about, by its place; some tell only its id, and some neither. */
  function itemOf(event: JsonObject, begun?: JsonObject): ItemReader {
    const { output_index: index, item_id: id } = event
    const place = isPlace(index) ? index : (places.get(id ?? begun?.id) ?? (begun === undefined ? last() : items.size))
    const known = items.get(place)
    if (known !== undefined) return known
    const reader = createItemReader(begun, context)
    items.set(place, reader)
    if (begun?.id !== undefined) places.set(begun.id, place)
    return reader
  }

  function last(): number {
    return Math.max(0, items.size - 1)
  }

  function readFinish(event: JsonObject): void {
    const response = isObject(event.response) ? event.response : {}
    readStart(event)
    const usage = decodeUsage(response.usage)
    if (usage !== undefined) emit({ type: 'usage', usage })
    const failure = readFailedAnswer(response)
    if (failure !== undefined || event.type === 'response.failed') {
      fail(
        failure ?? { kind: 'upstream-failed', message: 'The provider failed and told no reason.', source: 'provider' },
      )
      return
    }
    // What no event has told stands in the answer as a whole.
    for (const [index, item] of (Array.isArray(response.output) ? response.output : []).entries()) {
      if (isObject(item)) itemOf({ output_index: index }, item).finish(item)
    }
    const said = [...items.values()].map((item) => item.said)
    const finish = decodeFinish(response.status ?? STATUSES[String(event.type)], response.incomplete_details, {
      calls: said.some(({ calls }) => calls),
      refusal: said.some(({ refusal }) => refusal),
    })
    const { extra } = decodeHead(response)
    done = true
    emit({ type: 'finish', finishes: [{ choice: 0, ...finish }], ...(extra === undefined ? {} : { extra }) })
  }

  function addText(kind: 'text' | 'refusal'): ReadEvent {
    return (event) => itemOf(event).addText(kind, placeIn(event.content_index), textOf(event.delta), event.logprobs)
  }

  function addThought(list: 'summary' | 'content'): ReadEvent {
    const member = `${list}_index`
    return (event) => itemOf(event).addThought(list, placeIn(event[member]), textOf(event.delta))
  }

  function fillThought(list: 'summary' | 'content'): ReadEvent {
    const member = `${list}_index`
    return (event) => itemOf(event).fillThought(list, placeIn(event[member]), textOf(event.text))
  }

  const READERS: ReadonlyMap<string, ReadEvent> = new Map<string, ReadEvent>([
    ['response.created', readStart],
    ['response.queued', readStart],
    ['response.in_progress', readStart],
    [
      'response.output_item.added',
      (event) => {
        if (isObject(event.item)) itemOf(event, event.item)
      },
    ],
    [
      'response.output_item.done',
      (event) => {
        if (isObject(event.item)) itemOf(event, event.item).finish(event.item)
      },
    ],
    ['response.output_text.delta', addText('text')],
    [
      'response.output_text.done',
      (event) => itemOf(event).fillText('text', placeIn(event.content_index), textOf(event.text)),
    ],
    [
      'response.output_text.annotation.added',
      (event) => itemOf(event).addCitation(placeIn(event.content_index), event.annotation),
    ],
    ['response.refusal.delta', addText('refusal')],
    [
      'response.refusal.done',
      (event) => itemOf(event).fillText('refusal', placeIn(event.content_index), textOf(event.refusal)),
    ],
    ['response.function_call_arguments.delta', (event) => itemOf(event).addArguments(textOf(event.delta))],
    ['response.function_call_arguments.done', (event) => itemOf(event).fillArguments(textOf(event.arguments))],
    ['response.custom_tool_call_input.delta', (event) => itemOf(event).addArguments(textOf(event.delta))],
    ['response.custom_tool_call_input.done', (event) => itemOf(event).fillArguments(textOf(event.input))],
    ['response.reasoning_summary_text.delta', addThought('summary')],
    ['response.reasoning_summary_text.done', fillThought('summary')],
    ['response.reasoning_text.delta', addThought('content')],
    ['response.reasoning_text.done', fillThought('content')],
    ['response.completed', readFinish],
    ['response.incomplete', readFinish],
    ['response.failed', readFinish],
    ['response.cancelled', readFinish],
    // It is told again by `response.failed`, which some do not send (Q40).
    ['error', (event) => fail(readFailure(event) ?? SILENT_ERROR)],
  ])

  /** An event that outgrows every limit is the back end's fault, and ends its answer (F66). */
  function guard(read: () => void): void {
    tellTooLong(read, (message) => fail({ kind: 'upstream-failed', message, source: 'provider' }))
  }

  return {
    push(chunk) {
      if (!done) guard(() => sse.push(chunk))
    },
    end() {
      if (done) return
      guard(sse.end)
      // Every stream has an end of its own here: without it, what is open was cut off.
      if (!done && [...items.values()].some((item) => !item.finished)) fail(CUT_OFF)
    },
    get done() {
      return done
    },
    losses,
  }
}

const STATUSES: Readonly<Record<string, string>> = {
  'response.completed': 'completed',
  'response.incomplete': 'incomplete',
  'response.cancelled': 'cancelled',
}

const SILENT_ERROR: ApiError = {
  kind: 'upstream-failed',
  message: 'The provider told an error without a reason.',
  source: 'provider',
}

const CUT_OFF: ApiError = {
  kind: 'upstream-failed',
  message: "The provider's answer broke off in the middle.",
  source: 'provider',
}

function parse(data: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(data)
    return isObject(value) ? value : undefined
  } catch {
    // Skipped and counted by the caller.
    return undefined
  }
}

function isPlace(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0
}

function placeIn(value: unknown): number {
  return isPlace(value) ? value : 0
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
