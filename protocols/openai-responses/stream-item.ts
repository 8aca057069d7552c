/** One output item of a stream, read into parts as its pieces come. */
import type { AnswerContext } from '../codec.ts'
import type { PartDelta, PartHead, StreamEvent } from '../ir/event.ts'
import type { JsonObject } from '../ir/extra.ts'
import type { Citation, Part } from '../ir/part.ts'
import { decodeCitation } from './citations.ts'
import { isObject } from './is-object.ts'
import { decodeOutputItem } from './output-decode.ts'
import { PIECE_SEPARATOR, RAW_THOUGHT, readProof } from './reasoning.ts'
import { createRest, PROTOCOL } from './rest.ts'

export interface ItemReader {
  /** More of the text at this place of the item's content. @param kind of the text, where the place is new. */
  addText(kind: 'text' | 'refusal', place: number, text: string, logprobs?: unknown): void
  /** The whole text at this place: it counts where no piece of it came before. */
  fillText(kind: 'text' | 'refusal', place: number, text: string): void
  addCitation(place: number, annotation: unknown): void
  /** More of a thought. @param list its summary, or the thought itself. */
  addThought(list: ThoughtList, place: number, text: string): void
  fillThought(list: ThoughtList, place: number, text: string): void
  addArguments(text: string): void
  /** The whole arguments: they count where no piece of them came before (trap 36). */
  fillArguments(text: string): void
  /** The item as it is at its end: whatever has not been told yet. */
  finish(item: JsonObject): void
  /** The item has been told whole. */
  readonly finished: boolean
  readonly said: { readonly calls: boolean; readonly refusal: boolean }
}

export type ThoughtList = 'summary' | 'content'

export interface ItemContext {
  readonly answer: AnswerContext
  readonly emit: (event: StreamEvent) => void
  /** A number for the next part. */
  readonly nextPart: () => number
}

/** A text of a message: its part, and what of it was told. */
interface Place {
  readonly part: number
  readonly type: 'text' | 'refusal'
  hasText: boolean
  citations: number
}

const EMPTY: JsonObject = {}

/** @param begun the item as it was when it began; nothing where pieces come first. */
export function createItemReader(begun: JsonObject | undefined, context: ItemContext): ItemReader {
  const { emit, nextPart, answer } = context
  const places = new Map<number, Place>()
  let call: number | undefined
  let hasArguments = false
  let thought: number | undefined
  /** Pieces of thought that have begun, each `list` and place. */
  const thoughts = new Set<string>()
  let finished = false
  let sawRefusal = false

  function start(head: PartHead): number {
    const part = nextPart()
    emit({ type: 'part-start', part, choice: 0, head })
    return part
  }

  function more(part: number, delta: PartDelta): void {
    emit({ type: 'part-delta', part, choice: 0, delta })
  }

  /** The head that the item's own parts have, without what streams. */
  function headOf(item: JsonObject, index: number): Part | undefined {
    // Its status is that of the beginning.
    return decodeOutputItem({ ...item, status: undefined }, 'item', answer)[index]
  }

  function placeOf(type: 'text' | 'refusal', place: number): Place {
    const known = places.get(place)
    if (known !== undefined) return known
    // The message's id and phase go with its first text, and that it goes on with the others.
    const blank = type === 'text' ? { type: 'output_text', text: '', annotations: [] } : { type, refusal: '' }
    const message = { ...(begun ?? EMPTY), type: 'message', role: 'assistant', content: [blank, blank] }
    const model = headOf(message, places.size === 0 ? 0 : 1)
    const head = model === undefined ? { type } : { type, ...keptOf(model) }
    const made = { part: start(head), type, hasText: false, citations: 0 }
    if (type === 'refusal') sawRefusal = true
    places.set(place, made)
    return made
  }

  function beginCall(item: JsonObject): void {
    if (call !== undefined) return
    const isFreeform = item.type === 'custom_tool_call'
    const { spelling, extra } = keptOf(
      headOf({ ...item, call_id: textOf(item.call_id), name: textOf(item.name), ...BLANK_CALL }, 0),
    )
    call = start({
      type: 'tool-call',
      id: textOf(item.call_id) === '' ? textOf(item.id) : textOf(item.call_id),
      name: textOf(item.name),
      ...(isFreeform ? { freeform: true } : {}),
      ...(typeof item.namespace === 'string' ? { namespace: item.namespace } : {}),
      ...(extra === undefined ? {} : { extra }),
      ...(spelling === undefined ? {} : { spelling }),
    })
  }

  /** Begun with its first text, which tells whether it is a summary of the thought or the thought itself. */
  function beginThought(item: JsonObject, list: ThoughtList): number {
    if (thought !== undefined) return thought
    const id = typeof item.id === 'string' ? { id: item.id } : {}
    const rest = createRest()
    if (list === 'content') rest.spell(RAW_THOUGHT)
    thought = start({ type: 'reasoning', ...id, ...rest.kept() })
    return thought
  }

  function addThought(list: ThoughtList, place: number, text: string): void {
    if (text === '') return
    const part = beginThought(begun ?? EMPTY, list)
    const key = `${list} ${place}`
    if (!thoughts.has(key)) {
      // A piece by itself, so that the encoder of this protocol knows it for what it is (trap 100).
      if (thoughts.size > 0) more(part, { text: PIECE_SEPARATOR })
      thoughts.add(key)
    }
    more(part, { text })
  }

  function fillThought(list: ThoughtList, place: number, text: string): void {
    if (!thoughts.has(`${list} ${place}`)) addThought(list, place, text)
  }

  function finishMessage(item: JsonObject): void {
    const content = Array.isArray(item.content) ? item.content : []
    // Some count their places from one (Q53): then it is the order that tells.
    const known = [...places.keys()].sort((one, other) => one - other)
    for (const [index, piece] of content.entries()) {
      if (!isObject(piece)) continue
      const place = known[index] ?? (known.at(-1) ?? -1) + 1 + index
      const wasTold = places.get(place)?.hasText === true
      if (piece.type === 'output_text') reader.fillText('text', place, textOf(piece.text))
      else if (piece.type === 'refusal') reader.fillText('refusal', place, textOf(piece.refusal))
      const told = places.get(place)
      if (!wasTold) tellLogprobs(place, piece.logprobs)
      const annotations = Array.isArray(piece.annotations) ? piece.annotations : []
      for (const annotation of annotations.slice(told?.citations ?? 0)) reader.addCitation(place, annotation)
    }
    if (content.length === 0 && places.size === 0) tellWhole(item)
    for (const { part } of places.values()) emit({ type: 'part-end', part, choice: 0 })
  }

  function tellLogprobs(place: number, logprobs: unknown): void {
    const told = places.get(place)
    if (told === undefined || !Array.isArray(logprobs) || logprobs.length === 0) return
    more(told.part, { logprobs: { protocol: PROTOCOL, value: { content: logprobs } } })
  }

  function finishThought(item: JsonObject): void {
    for (const list of ['summary', 'content'] as const) {
      const pieces = Array.isArray(item[list]) ? item[list] : []
      for (const [place, piece] of pieces.entries()) {
        if (isObject(piece)) fillThought(list, place, textOf(piece.text))
      }
    }
    if (thoughts.size === 0 && typeof item.encrypted_content !== 'string') {
      // It says nothing, but its id has to go back (Q47).
      tellWhole(item)
      return
    }
    const part = beginThought(item, 'summary')
    const encrypted = typeof item.encrypted_content === 'string' ? item.encrypted_content : undefined
    // It differs from the one at the beginning: the last one counts (Q46).
    const proof = readProof(encrypted, answer.facts.issuer ?? PROTOCOL)
    if (proof.issuer !== undefined) {
      more(part, {
        issuer: proof.issuer,
        ...(proof.encrypted === undefined ? {} : { encrypted: proof.encrypted }),
        ...(proof.signature === undefined ? {} : { signature: proof.signature }),
      })
    }
    emit({ type: 'part-end', part, choice: 0 })
  }

  function tellWhole(item: JsonObject): void {
    const [part] = decodeOutputItem(item, 'item', answer)
    if (part?.type === 'opaque') start({ type: 'whole', part })
  }

  const reader: ItemReader = {
    addText(kind, place, text, logprobs) {
      const told = placeOf(kind, place)
      if (text !== '') {
        told.hasText = true
        more(told.part, { text })
      }
      tellLogprobs(place, logprobs)
    },
    fillText(kind, place, text) {
      if (places.get(place)?.hasText !== true) reader.addText(kind, place, text)
    },
    addCitation(place, annotation) {
      const told = placeOf('text', place)
      told.citations++
      const citation: Citation = decodeCitation(annotation)
      more(told.part, { citation })
    },
    addThought,
    fillThought,
    addArguments(text) {
      if (text === '') return
      beginCall(begun ?? EMPTY)
      hasArguments = true
      if (call !== undefined) more(call, { arguments: text })
    },
    fillArguments(text) {
      if (!hasArguments) reader.addArguments(text)
    },
    finish(item) {
      if (finished) return
      finished = true
      begun ??= item
      if (item.type === 'message') finishMessage(item)
      else if (item.type === 'function_call' || item.type === 'custom_tool_call') {
        beginCall(item)
        reader.fillArguments(argumentsOf(item))
        if (call !== undefined) {
          // They may not have been known when it began.
          more(call, { id: textOf(item.call_id), name: textOf(item.name) })
          // One that was cut stays open: how the answer ends is told after it (trap 143).
          if (item.status !== 'incomplete') emit({ type: 'part-end', part: call, choice: 0 })
        }
      } else if (item.type === 'reasoning') finishThought(item)
      else tellWhole(item)
    },
    get finished() {
      return finished
    },
    get said() {
      return { calls: call !== undefined, refusal: sawRefusal }
    },
  }

  if (begun !== undefined) {
    if (begun.type === 'function_call' || begun.type === 'custom_tool_call') {
      beginCall(begun)
      reader.addArguments(argumentsOf(begun))
    }
  }
  return reader
}

const BLANK_CALL: JsonObject = { arguments: '{}', input: '' }

function argumentsOf(item: JsonObject): string {
  const told = item.type === 'custom_tool_call' ? item.input : item.arguments
  return isObject(told) ? JSON.stringify(told) : textOf(told)
}

function keptOf(part: Part | undefined): Pick<Part, 'extra' | 'spelling'> {
  if (part === undefined) return {}
  return {
    ...(part.extra === undefined ? {} : { extra: part.extra }),
    ...(part.spelling === undefined ? {} : { spelling: part.spelling }),
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
