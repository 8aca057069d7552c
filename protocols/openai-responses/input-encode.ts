/** The conversation, written as `instructions` and `input` for a back end. */
import type { Message } from '../ir/message.ts'
import type { Part, ToolResultPart } from '../ir/part.ts'
import { encodeResult } from './calls.ts'
import { BARE_INPUT, INSTRUCTIONS } from './input-decode.ts'
import { restoreItem } from './item-notes.ts'
import { encodePart } from './parts.ts'
import { giveBack, isOwn, isSpelled } from './rest.ts'
import { STRING } from './turn-decode.ts'
import { encodeTurn, type HistoryContext, type Placed } from './turn-encode.ts'
import type { Item } from './wire.ts'

export interface EncodedInput {
  readonly instructions?: string
  readonly input: string | Item[]
}

/** Never changes `messages`. */
export function encodeInput(messages: readonly Message[], context: HistoryContext): EncodedInput {
  const [first] = messages
  const instructions = first === undefined ? undefined : readInstructions(first, messages)
  const rest = instructions === undefined ? messages : messages.slice(1)
  const told = instructions === undefined ? {} : { instructions }
  const only = rest.length === 1 ? rest[0] : undefined
  if (only !== undefined && isSpelled(only, BARE_INPUT)) {
    const [part] = only.parts
    if (only.parts.length === 1 && part?.type === 'text') return { ...told, input: part.text }
  }
  const skipped = messages.length - rest.length
  /** Ids of calls that have their result. */
  const answered = new Set<string>()
  const items = rest.flatMap((message, index) =>
    encodeMessage(message, `messages.${index + skipped}`, answered, context),
  )
  return { ...told, input: items }
}

/** The message that a request's `instructions` became, and what follows it. */
export function divideInstructions(messages: readonly Message[]): {
  readonly instructions: readonly Message[]
  readonly input: readonly Message[]
} {
  const [first] = messages
  const leads = first !== undefined && isOwn(first) && isSpelled(first, INSTRUCTIONS)
  return leads ? { instructions: [first], input: messages.slice(1) } : { instructions: [], input: messages }
}

/** The first message when it is what the API calls instructions: plain text of the system, with somebody to instruct. */
function readInstructions(message: Message, messages: readonly Message[]): string | undefined {
  const texts = message.parts.flatMap((part) => (part.type === 'text' ? [part] : []))
  if (message.role !== 'system' || texts.length !== message.parts.length) return undefined
  const [only] = texts
  if (isOwn(message)) {
    return isSpelled(message, INSTRUCTIONS) && texts.length === 1 ? only?.text : undefined
  }
  // What else a text bears has its place, or its loss, in the input.
  const isPlain = texts.every((part) => [part.cache, part.extra, part.citations, part.signature].every(isAbsent))
  const text = texts.map((part) => part.text).join('\n\n')
  const speaks = messages.some(({ role }) => role !== 'system' && role !== 'developer')
  return isPlain && message.extra === undefined && text !== '' && speaks ? text : undefined
}

function isAbsent(value: unknown): boolean {
  return value === undefined
}

function encodeMessage(message: Message, path: string, answered: Set<string>, context: HistoryContext): Item[] {
  const placed = message.parts.map((part, index) => ({ part, path: `${path}.parts.${index}` }))
  if (message.role === 'assistant') {
    answered.clear()
    giveBack({}, message, path, context.report)
    return encodeTurn(placed, context)
  }
  // Results must follow their calls at once; what the user said beside them comes after (trap 67).
  const results: Item[] = []
  for (const one of placed.filter(isResult)) {
    if (!isOwn(one.part) && answered.has(one.part.callId)) {
      context.report(one.path, 'the call has its result already')
      continue
    }
    answered.add(one.part.callId)
    results.push(encodeResult(one.part, one.path, context))
  }
  const said = placed.filter((one) => !isResult(one))
  if (results.length > 0 && said.length === 0) {
    giveBack({}, message, path, context.report)
    return results
  }
  const speech = encodeSpeech(message, said, path, context)
  return speech === undefined ? results : [...results, speech]
}

function isResult(one: Placed): one is Placed<ToolResultPart> {
  return one.part.type === 'tool-result'
}

function encodeSpeech(
  message: Message,
  said: readonly Placed[],
  path: string,
  context: HistoryContext,
): Item | undefined {
  const isMine = isOwn(message)
  // An empty text says nothing, and some refuse it (trap 73).
  const told = said.filter(({ part }) => isMine || part.type !== 'text' || part.text !== '')
  const content = told.flatMap((one) => encodePart(asSpoken(one.part), one.path, context, 'input') ?? [])
  if (content.length === 0 && !isMine) {
    giveBack({}, message, path, context.report)
    return undefined
  }
  const item: Item = { type: 'message', role: chooseRole(message, path, context), content }
  const [only] = content
  if (content.length === 1 && only !== undefined && (isSpelled(message, STRING) || isSpelled(message, BARE_INPUT))) {
    item.content = only.text
  }
  restoreItem(item, message)
  giveBack(item, message, path, context.report)
  return item
}

/** What the model said itself is text in the mouth of another. */
function asSpoken(part: Part): Part {
  return part.type === 'refusal' && !isOwn(part) ? { ...part, type: 'text' } : part
}

function chooseRole(message: Message, path: string, { facts, report }: HistoryContext): string {
  if (message.role === 'tool') return 'user'
  if (message.role !== 'developer' || facts.developerRole !== false) return message.role
  report(`${path}.role`, 'told as system: this model does not know the role developer', 'changed')
  return 'system'
}
