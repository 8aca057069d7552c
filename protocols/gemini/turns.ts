/**
 * The messages of a conversation as the turns that the API takes: system text apart, the calls of a turn of the model
 * answered in the very next turn, one by one and by nothing else.
 *
 * What a client of this protocol wrote itself is never merged, reordered or repaired: the API is to judge it as it would
 * have without us.
 */
import type { ModelFacts } from '../ir/facts.ts'
import type { ReportLoss } from '../ir/loss.ts'
import type { Message } from '../ir/message.ts'
import { generationOf } from './generation.ts'
import { type HistoryContext, type WrittenPart, writeHistoryPart } from './history.ts'
import { giveBack, isOwn, isSpelled, PROTOCOL, spelledAfter } from './keep.ts'
import { type PlacedPart, pairCalls, type Turn } from './pairing.ts'
import type { Content, GenerateContentRequest } from './wire.ts'

export interface TurnsContext {
  readonly model: string
  readonly facts: ModelFacts
  readonly report: ReportLoss
}

/** What the API needs where a conversation does not begin or end with the user (traps 78, 82). */
const OPENING = 'Begin.'
const CLOSING = 'Continue.'

/** From this generation on results hold pictures, and calls without a signature are refused. */
const SIGNED_CALLS_FROM = 3

/** Writes `systemInstruction` and `contents`. */
export function writeTurns(messages: readonly Message[], body: GenerateContentRequest, context: TurnsContext): void {
  const leading = countLeadingSystem(messages)
  const others = messages.slice(leading)
  const own = others.length > 0 && others.every(isOwn)
  const names = nameCalls(messages)
  const history: HistoryContext = {
    own,
    issuer: context.facts.issuer ?? PROTOCOL,
    mediaInResults: generationOf(context.model) >= SIGNED_CALLS_FROM,
    nameOf: (callId) => names.get(callId),
    report: context.report,
  }
  const system = writeSystem(messages.slice(0, leading), history)
  if (system !== undefined) body.systemInstruction = system
  body.contents = own
    ? others.map((message, index) => writeOwn(message, `messages.${leading + index}`, history))
    : writeForeign(others, leading, context.model, history)
}

/** System text before all else; what a client of this protocol wrote among its contents stays there. */
function countLeadingSystem(messages: readonly Message[]): number {
  const first = messages.findIndex(
    (message) => !isSystem(message) || (isOwn(message) && !isSpelled(message, 'instruction')),
  )
  return first < 0 ? messages.length : first
}

function isSystem({ role }: Message): boolean {
  return role === 'system' || role === 'developer'
}

function nameCalls(messages: readonly Message[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>()
  for (const { parts } of messages)
    for (const part of parts) if (part.type === 'tool-call') names.set(part.id, part.name)
  return names
}

function writeSystem(messages: readonly Message[], history: HistoryContext): unknown {
  const [first] = messages
  if (first === undefined) return undefined
  const parts = messages.flatMap((message, index) =>
    message.parts.flatMap((part, at) => {
      const path = `messages.${index}.parts.${at}`
      if (part.type === 'text' || isOwn(message))
        return writeHistoryPart(part, path, { ...history, own: isOwn(message) })
      history.report(path, 'system text takes nothing but text')
      return []
    }),
  )
  const only = parts.length === 1 ? parts[0] : undefined
  if (messages.length === 1 && isSpelled(first, 'string') && typeof only === 'object') return only.text
  if (parts.length === 0 && !messages.some(isOwn)) {
    for (const [index, message] of messages.entries()) giveBack({}, message, `messages.${index}`, history.report)
    return undefined
  }
  const role = spelledAfter(first, 'role:=')
  const content: Content = { ...(role === undefined ? {} : { role }), parts: spellParts(parts, first) }
  for (const [index, message] of messages.entries()) giveBack(content, message, `messages.${index}`, history.report)
  if (isSpelled(first, 'no-parts') && parts.length === 0) delete content.parts
  return content
}

function spellParts(parts: readonly WrittenPart[], message: Message): unknown {
  return isSpelled(message, 'parts:single') && parts.length === 1 ? parts[0] : parts
}

function writeOwn(message: Message, path: string, history: HistoryContext): unknown {
  const parts = message.parts.flatMap((part, index) => writeHistoryPart(part, `${path}.parts.${index}`, history))
  if (isSpelled(message, 'string')) return message.parts[0]?.type === 'text' ? message.parts[0].text : ''
  if (isSpelled(message, 'part')) return parts[0] ?? {}
  const role = spelledAfter(message, 'role:')
  const content: Content = {
    ...(role === undefined || role === '' ? {} : { role: role.slice(1) }),
    ...(isSpelled(message, 'no-parts') && parts.length === 0 ? {} : { parts: spellParts(parts, message) }),
  }
  giveBack(content, message, path, history.report)
  return content
}

function writeForeign(
  messages: readonly Message[],
  offset: number,
  model: string,
  history: HistoryContext,
): readonly WrittenContent[] {
  const { report } = history
  const turns: Turn[] = []
  for (const [index, message] of messages.entries()) addMessage(turns, message, `messages.${offset + index}`, report)
  const contents: WrittenContent[] = []
  for (const turn of pairCalls(turns, report)) {
    const parts = turn.parts.flatMap(({ part, path }) => writeHistoryPart(part, path, history))
    if (turn.role === 'model' && generationOf(model) >= SIGNED_CALLS_FROM) signFirstCall(parts)
    addContent(contents, { role: turn.role, parts: putResultsFirst(parts) })
  }
  return completeEnds(contents, report)
}

interface WrittenContent {
  readonly role: Turn['role']
  readonly parts: readonly WrittenPart[]
}

/** Where a turn had nothing to say, those around it may have one speaker. Results stay alone. */
function addContent(contents: WrittenContent[], content: WrittenContent): void {
  if (content.parts.length === 0) return
  const last = contents.at(-1)
  if (last?.role !== content.role || last.parts.some(isResult) || content.parts.some(isResult)) contents.push(content)
  else contents.splice(-1, 1, { ...last, parts: [...last.parts, ...content.parts] })
}

/** Joins it to the turn before where both have one speaker (trap 75). */
function addMessage(turns: Turn[], message: Message, path: string, report: ReportLoss): void {
  if (isSystem(message)) {
    report(path, 'system text in the middle of a conversation is sent as user text', 'changed')
  }
  giveBack({}, message, path, report)
  const role = message.role === 'assistant' ? 'model' : 'user'
  const parts = message.parts.map((part, index): PlacedPart => ({ part, path: `${path}.parts.${index}` }))
  const last = turns.at(-1)
  if (last?.role === role) last.parts.push(...parts)
  else turns.push({ role, parts })
}

/** Pictures that belong to a result stand behind all results. */
function putResultsFirst(parts: readonly WrittenPart[]): readonly WrittenPart[] {
  return parts.some(isResult) ? [...parts.filter(isResult), ...parts.filter((part) => !isResult(part))] : parts
}

function isResult(part: WrittenPart): boolean {
  return typeof part === 'object' && part.functionResponse !== undefined
}

/**
 * Stands for the signature of a call that another model made, or whose signature was lost on the way. The API documents it
 * as the last resort: without one it answers 400 to the first call of a turn (trap 91).
 *
 * @see https://ai.google.dev/gemini-api/docs/thought-signatures
 */
const NO_SIGNATURE = 'skip_thought_signature_validator'

function signFirstCall(parts: readonly WrittenPart[]): void {
  const first = parts.find((part) => typeof part === 'object' && part.functionCall !== undefined)
  if (typeof first === 'object') first.thoughtSignature ??= NO_SIGNATURE
}

function completeEnds(contents: readonly WrittenContent[], report: ReportLoss): readonly WrittenContent[] {
  const first = contents[0]?.role === 'user' ? [] : [say(OPENING)]
  const last = contents.at(-1)?.role === 'model' ? [say(CLOSING)] : []
  if (first.length > 0) report('messages', 'the API begins with a user turn; a short one is added', 'changed')
  if (last.length > 0) report('messages', 'the API ends with a user turn; a short one is added', 'changed')
  return [...first, ...contents, ...last]
}

function say(text: string): WrittenContent {
  return { role: 'user', parts: [{ text }] }
}
