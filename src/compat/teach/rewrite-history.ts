/** Writes earlier calls and their results as text, as if the model had always called its tools in this way. */
import { isInstruction } from '../../../protocols/ir/instructions.ts'
import type { Message } from '../../../protocols/ir/message.ts'
import type { Part, TextPart, ToolCallPart, ToolResultPart } from '../../../protocols/ir/part.ts'
import { asJsonArguments } from './freeform-call.ts'
import { breakMarkers } from './guard-text.ts'
import type { Writer } from './writer.ts'
import { readCall } from './written-call.ts'

/**
 * A turn of the model: its parts, calls as one text where the first of them stood. Results stand in the next message of the user, in
 * the order of the calls; pictures stay. What users say is kept from being taken for calls.
 *
 * Each message depends only on itself and on its neighbours up to the next turn of the model: as the conversation grows, what has been written
 * stays the same.
 */
export function rewriteHistory(messages: readonly Message[], writer: Writer): readonly Message[] {
  const written: Message[] = []
  let open: readonly ToolCallPart[] = []
  let isAnswered = false
  for (const [index, message] of messages.entries()) {
    if (message.role === 'assistant') {
      written.push(writeTurn(message, writer))
      open = message.parts.filter((part) => part.type === 'tool-call')
      isAnswered = false
      continue
    }
    if (isInstruction(message)) {
      written.push(message)
      continue
    }
    const answers = isAnswered ? [] : orderResults(collectResults(messages, index), open)
    const said = message.parts.filter((part) => part.type !== 'tool-result').map(protectPart)
    const results = answers.flatMap((result) => writeResult(result, writer))
    const parts = results.length === 0 ? said : joinTexts([...results, ...said])
    isAnswered = true
    if (written.at(-1)?.role === 'user') joinLast(written, parts)
    else written.push({ ...message, role: 'user', parts })
  }
  return written.filter((message) => message.parts.length > 0)
}

/** One text where there were several: templates and servers of many models know no lists of parts. A mark for a cache keeps its place. */
function joinTexts(parts: readonly Part[]): readonly Part[] {
  const joined: Part[] = []
  for (const part of parts) {
    const last = joined.at(-1)
    const isPlain = last?.type === 'text' && Object.keys(last).every((key) => key === 'type' || key === 'text')
    if (!isPlain || part.type !== 'text') joined.push(part)
    else
      joined[joined.length - 1] = { ...part, text: `${last.text}${last.text.endsWith('\n') ? '' : '\n\n'}${part.text}` }
  }
  return joined
}

/** Templates of many models want users and models by turns. */
function joinLast(written: Message[], parts: readonly Part[]): void {
  const last = written.at(-1)
  if (last !== undefined) written[written.length - 1] = { ...last, parts: [...last.parts, ...parts] }
}

function writeTurn(message: Message, writer: Writer): Message {
  const calls = message.parts.filter((part) => part.type === 'tool-call')
  if (calls.length === 0) return message
  const text = writer.writeCalls(calls.map((call) => readCall(call.id, call.name, asJsonArguments(call))))
  const at = message.parts.findIndex((part) => part.type === 'tool-call')
  const rest = message.parts.filter((part) => part.type !== 'tool-call')
  const before = rest[at - 1]
  const kept = before?.type === 'text' ? [...rest.slice(0, at - 1), withoutEnd(before)] : rest.slice(0, at)
  const gap = before?.type === 'text' && before.text.trim() !== '' ? '\n\n' : ''
  return { ...message, parts: [...kept, { type: 'text', text: gap + text }, ...rest.slice(at)] }
}

function withoutEnd(part: TextPart): TextPart {
  return { ...part, text: part.text.trimEnd() }
}

/** All results up to the next turn of the model, in whichever messages they stand. */
function collectResults(messages: readonly Message[], from: number): readonly ToolResultPart[] {
  const end = messages.findIndex(({ role }, index) => index > from && role === 'assistant')
  return messages
    .slice(from, end < 0 ? undefined : end)
    .flatMap(({ parts }) => parts.filter((part) => part.type === 'tool-result'))
}

/** In the order of the calls; a call without a result gets one that says so, a result without a call stays. */
function orderResults(results: readonly ToolResultPart[], calls: readonly ToolCallPart[]): readonly ToolResultPart[] {
  const left = [...results]
  const ordered = calls.map((call): ToolResultPart => {
    const at = left.findIndex((result) => result.callId === call.id)
    const [found] = at < 0 ? [] : left.splice(at, 1)
    return found === undefined ? { ...NO_RESULT, callId: call.id, name: call.name } : { ...found, name: call.name }
  })
  return [...ordered, ...left]
}

const NO_RESULT = {
  type: 'tool-result',
  content: [{ type: 'text', text: 'The call was cancelled and gave no result.' }],
  isError: true,
} as const satisfies Omit<ToolResultPart, 'callId'>

/** Texts of a result in its block, pictures and files right behind. What only one protocol has is text, too: no other place would take it. */
function writeResult(result: ToolResultPart, writer: Writer): readonly Part[] {
  const texts = result.content.flatMap((part) => {
    return part.type === 'text' ? [part.text] : part.type === 'opaque' ? [JSON.stringify(part.value)] : []
  })
  const rest = result.content.filter(({ type }) => type !== 'text' && type !== 'opaque')
  const text = texts.length === 0 && rest.length > 0 ? 'See what follows.' : texts.join('\n')
  const block = writer.writeResult({
    id: result.callId,
    name: result.name,
    isError: result.isError === true,
    text: writer.protect(text),
  })
  const { cache } = result
  return [{ type: 'text', text: `${block}\n`, ...(cache === undefined ? {} : { cache }) }, ...rest]
}

function protectPart(part: Part): Part {
  return part.type === 'text' ? { ...part, text: breakMarkers(part.text) } : part
}
