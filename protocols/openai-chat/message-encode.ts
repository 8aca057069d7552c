/** The conversation, written for a back end. */
import type { Message } from '../ir/message.ts'
import type { ToolResultPart } from '../ir/part.ts'
import { encodeAssistant, type MessageContext } from './assistant-encode.ts'
import { encodeContent, encodeList, type Placed, placeParts, simplify } from './content.ts'
import { giveBack, isOwn, isSpelled, type Kept } from './rest.ts'
import type { ContentPart, RequestMessage } from './wire.ts'

/** The API refuses a request without messages. */
const OPENING = 'Begin.'

/** Never changes `messages`. */
export function encodeMessages(messages: readonly Message[], context: MessageContext): RequestMessage[] {
  const written: RequestMessage[] = []
  /** Pictures and documents out of tool results, until the results of the turn are all told. */
  let moved: ContentPart[] = []
  /** Ids of calls of this turn that have their answer. */
  const answered = new Set<string>()

  function tellMoved(): void {
    if (moved.length > 0) written.push({ role: 'user', content: moved })
    moved = []
  }

  /** A message of which nothing could be told is none; that its parts are lost has been reported. */
  function tell(wire: RequestMessage, message: Message): void {
    const isEmpty = wire.content === '' && Object.keys(wire).length === 2
    if (!isEmpty || isOwn(message) || message.parts.every(({ type }) => type === 'text')) written.push(wire)
  }

  for (const [index, message] of messages.entries()) {
    const path = `messages.${index}`
    const placed = placeParts(message.parts, `${path}.parts`)
    const results = placed.filter(isResult)
    if (results.length === 0) tellMoved()
    if (message.role === 'assistant') {
      answered.clear()
      tell(encodeAssistant(message, path, context), message)
      continue
    }
    if (results.length === 0) {
      tell(encodeSpeech(message, placed, path, context), message)
      continue
    }
    // Results must follow their calls at once; whatever the user said beside them comes after (trap 67).
    for (const result of results) {
      if (!isOwn(message) && answered.has(result.part.callId)) {
        context.report(result.path, 'the call has its result already')
        continue
      }
      answered.add(result.part.callId)
      const told = encodeResult(result, message, path, context)
      written.push(told.message)
      moved.push(...told.moved)
    }
    if (message.role !== 'tool') giveBack({}, message, path, context.report)
    const others = placed.filter((one) => !isResult(one))
    if (others.length > 0) {
      const content = [...moved, ...encodeList(others, context)]
      if (content.length > 0) written.push({ role: 'user', content: simplify(content) })
      moved = []
    }
  }
  tellMoved()
  if (written.length === 0 && messages.length > 0) {
    context.report('messages', 'of all that was said nothing can be told; a short turn takes its place', 'changed')
    written.push({ role: 'user', content: OPENING })
  }
  return written
}

function isResult(one: Placed): one is Placed<ToolResultPart> {
  return one.part.type === 'tool-result'
}

type SpeechRole = 'system' | 'developer' | 'user'

function encodeSpeech(
  message: Message,
  placed: readonly Placed[],
  path: string,
  context: MessageContext,
): RequestMessage {
  const role = chooseRole(message, path, context)
  // Some servers take a list from users only.
  const told = isOwn(message) ? placed : placed.filter((one) => isSpeech(one, role, context))
  const content = encodeContent(told, message, role === 'user' ? undefined : '\n\n', context)
  const wire: RequestMessage = { role, ...(content === undefined ? {} : { content }) }
  giveBack(wire, message, path, context.report)
  return wire
}

function isSpeech({ part, path }: Placed, role: SpeechRole, { report }: MessageContext): boolean {
  if (part.type === 'reasoning' || part.type === 'tool-call') report(path, 'only an assistant thinks and calls')
  else if (role === 'user' || part.type === 'text') return true
  else report(path, 'system text takes nothing but text')
  return false
}

/** A server that does not know `developer` refuses it; `system` is known to all (trap 77). */
function chooseRole(message: Message, path: string, { facts, report }: MessageContext): SpeechRole {
  if (message.role !== 'developer') return message.role === 'system' ? 'system' : 'user'
  if (facts.developerRole ?? isOwn(message)) return 'developer'
  report(`${path}.role`, 'told as system: this model is not known to know the role developer', 'changed')
  return 'system'
}

interface ToldResult {
  readonly message: RequestMessage
  /** What the result holds besides text, for a user message after the results (trap 71). */
  readonly moved: readonly ContentPart[]
}

function encodeResult(
  { part, path }: Placed<ToolResultPart>,
  message: Message,
  messagePath: string,
  context: MessageContext,
): ToldResult {
  // A client's own message holds one result, and the message's spelling tells how that was written.
  const owner: Kept = message.role === 'tool' ? message : {}
  const content = placeParts(part.content, `${path}.content`)
  const isList = isSpelled(owner, 'list')
  const stays = markLast(
    part,
    path,
    content.filter((one) => isList || one.part.type === 'text'),
    context,
  )
  const moves = content.filter((one) => !isList && one.part.type !== 'text')
  const moved = encodeList(moves, context)
  for (const { path: place } of moved.length === 0 ? [] : moves) {
    context.report(place, 'told in a message of the user behind the tool results', 'changed')
  }
  if (part.isError === true) context.report(`${path}.isError`, 'a tool message cannot say that the tool failed')
  const told = encodeContent(stays, owner, '\n', context)
  const text = told === '' && moved.length > 0 ? `See the content of ${part.callId} below.` : told
  const isFunction = isSpelled(owner, 'function')
  const wire: RequestMessage = {
    role: isFunction ? 'function' : 'tool',
    ...(isFunction ? {} : { tool_call_id: context.callId(part.callId) }),
    ...(text === undefined ? {} : { content: text }),
    ...(part.name === undefined ? {} : { name: part.name }),
  }
  giveBack(wire, part, path, context.report)
  giveBack(wire, owner, messagePath, context.report)
  const label: ContentPart = { type: 'text', text: `Content of the tool result ${part.callId}:` }
  return { message: wire, moved: moved.length === 0 ? [] : [label, ...moved] }
}

/** A cache mark on a result is one on the last piece of its text: the wire has no other place for it. */
function markLast(
  result: ToolResultPart,
  path: string,
  content: readonly Placed[],
  { facts, report }: MessageContext,
): readonly Placed[] {
  const last = content.at(-1)
  if (result.cache === undefined) return content
  if (last === undefined || facts.cacheMarks !== true) {
    report(`${path}.cache`, 'this model is not known to read cache marks here')
    return content
  }
  return [...content.slice(0, -1), { ...last, part: { ...last.part, cache: result.cache } }]
}
