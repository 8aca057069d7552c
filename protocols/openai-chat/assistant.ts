/** What an assistant says: the same members in the history of a request and in an answer. */

import { defined } from '../ir/defined.ts'
import { expectArray, expectObject, expectString, optional, refuse } from '../ir/expect.ts'
import type { JsonObject } from '../ir/extra.ts'
import type { AudioPart, Part, ReasoningPart, ToolCallPart } from '../ir/part.ts'
import { decodeCalls, decodeFunctionCall } from './calls.ts'
import { decodeCitation } from './citations.ts'
import { decodePart } from './parts.ts'
import { decodeReasoning } from './reasoning.ts'
import { createRest, PROTOCOL, type Rest } from './rest.ts'

export const ASSISTANT_MEMBERS: ReadonlySet<string> = new Set([
  'role',
  'content',
  'refusal',
  'annotations',
  'audio',
  'images',
  'tool_calls',
  'function_call',
  'reasoning_content',
  'reasoning',
  'reasoning_details',
])

/**
 * The parts of an assistant message in the order in which a model makes them: thoughts, text, refusal, media, calls.
 * Empty strings and empty objects are absent: some vendors fill everything that they do not have with them (Q32).
 *
 * @param seed makes ids for calls without one; unique in the conversation.
 * @throws ApiFailure `bad-request` naming the member.
 */
export function decodeAssistant(message: JsonObject, path: string, seed: string, rest: Rest): Part[] {
  const calls = readCalls(message, path, seed, rest)
  const callIds = new Set(calls.flatMap((call) => (call.type === 'tool-call' ? [call.id] : [])))
  const thoughts = decodeReasoning(message, path, callIds, rest)
  const refusal = optional(message.refusal, `${path}.refusal`, expectString)
  const content = readContent(message, path, rest)
  const images = optional(message.images, `${path}.images`, expectArray) ?? []
  return [
    ...thoughts.parts,
    ...cite(content, message, path, rest),
    ...(refusal === undefined || refusal === '' ? [] : [readRefusal(refusal)]),
    ...readAudio(message, path),
    ...images.map((image, index) => readAnswerImage(image, `${path}.images.${index}`)),
    ...calls.map((call) => addProof(call, thoughts.callProofs)),
  ]
}

/** Tells a refusal that was a member of the message from one in its content list. */
export const MEMBER = 'member'

function readRefusal(text: string): Part {
  const rest = createRest()
  rest.spell(MEMBER)
  return { type: 'refusal', text, ...rest.kept() }
}

/** Content of any message: one string, a list of parts, or nothing. How it was spelled goes to `rest`. */
export function readContent(message: JsonObject, path: string, rest: Rest): Part[] {
  const { content } = message
  if (content === undefined) rest.spell('no-content')
  if (content === undefined || content === null) return []
  if (typeof content === 'string') {
    if (content !== '') return [{ type: 'text', text: content, ...createRest().kept() }]
    rest.spell('empty-content')
    return []
  }
  if (!Array.isArray(content)) refuse(`${path}.content`, 'expected a string or a list of parts')
  rest.spell('list')
  return content.map((part, index) => decodePart(part, `${path}.content.${index}`))
}

function readCalls(message: JsonObject, path: string, seed: string, rest: Rest) {
  const calls = optional(message.tool_calls, `${path}.tool_calls`, expectArray)
  if (calls?.length === 0) rest.spell('no-calls')
  const decoded = calls === undefined ? [] : decodeCalls(calls, `${path}.tool_calls`, seed)
  const legacy = optional(message.function_call, `${path}.function_call`, expectObject)
  if (legacy === undefined || legacy.name === '') return decoded
  return [...decoded, decodeFunctionCall(legacy, `${path}.function_call`, seed)]
}

/** Annotations stand beside the content and mean its text. */
function cite(content: Part[], message: JsonObject, path: string, rest: Rest): Part[] {
  const annotations = optional(message.annotations, `${path}.annotations`, expectArray)
  if (annotations === undefined) return content
  if (annotations.length === 0) {
    rest.spell('no-annotations')
    return content
  }
  const citations = annotations.map(decodeCitation)
  const cited = content.find((part) => part.type === 'text')
  if (cited?.type !== 'text') return [...content, { type: 'text', text: '', citations, ...createRest().kept() }]
  return content.map((part) => (part === cited ? { ...cited, citations } : part))
}

const AUDIO_MEMBERS = new Set(['data', 'transcript', 'id'])

/** What was said aloud; in a history only its id. */
function readAudio(message: JsonObject, path: string): AudioPart[] {
  const audio = optional(message.audio, `${path}.audio`, expectObject)
  if (audio === undefined) return []
  const data = optional(audio.data, `${path}.audio.data`, expectString) ?? ''
  const id = optional(audio.id, `${path}.audio.id`, expectString) ?? ''
  const transcript = optional(audio.transcript, `${path}.audio.transcript`, expectString)
  if (data === '' && id === '') return []
  const rest = createRest()
  rest.take(audio, AUDIO_MEMBERS)
  if (data !== '' && id !== '') rest.keep('id', id)
  return [
    defined<AudioPart>({
      type: 'audio',
      // The answer does not say its format: it is the one that was asked for.
      source:
        data === '' ? { type: 'file-id', id, protocol: PROTOCOL } : { type: 'base64', mediaType: 'audio/*', data },
      transcript: transcript === '' ? undefined : transcript,
      ...rest.kept(),
    }),
  ]
}

/** Pictures that a model made, as OpenRouter has them. */
export function readAnswerImage(value: unknown, path: string): Part {
  return decodePart({ ...expectObject(value, path), type: 'image_url' }, path)
}

function addProof(call: Part, proofs: ReadonlyMap<string, ReasoningPart>): Part {
  if (call.type !== 'tool-call') return call
  const proof = proofs.get(call.id)
  if (proof?.encrypted === undefined) return call
  const form = `${call.spelling?.form ?? ''} ${proof.spelling?.form ?? ''}`
  return defined<ToolCallPart>({
    ...call,
    signature: proof.encrypted,
    issuer: proof.issuer,
    spelling: { protocol: PROTOCOL, form },
  })
}
