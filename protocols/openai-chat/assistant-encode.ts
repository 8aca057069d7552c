/** An assistant's turn of the history, written for a back end. */
import type { Message } from '../ir/message.ts'
import type { AudioPart, ImagePart, ReasoningPart, ToolCallPart } from '../ir/part.ts'
import { MEMBER } from './assistant.ts'
import { encodeCall, encodeFunctionCall, isLegacyCall, isOpaqueCall } from './calls.ts'
import { encodeContent, type Placed, placeParts } from './content.ts'
import { encodePart, isContentThought, type PartContext } from './parts.ts'
import { encodeCallProof, encodeDetails, isDetail, spelledMembers } from './reasoning.ts'
import { giveBack, isOwn, isSpelled, PROTOCOL } from './rest.ts'
import { takesFreeform } from './tools.ts'
import type { ReasoningDetail, RequestMessage, ToolCall } from './wire.ts'

export interface MessageContext extends PartContext {
  /** How a call with this id is named on the wire. */
  readonly callId: (id: string) => string
}

export function encodeAssistant(message: Message, path: string, context: MessageContext): RequestMessage {
  const wire: RequestMessage = { role: 'assistant' }
  const placed = placeParts(message.parts, `${path}.parts`)
  writeThoughts(wire, message, placed, context)
  writeCalls(wire, message, placed, context)
  writeSpeech(wire, message, placed, context)
  giveBack(wire, message, path, context.report)
  return wire
}

function writeSpeech(wire: RequestMessage, message: Message, placed: readonly Placed[], context: MessageContext): void {
  const isList = isSpelled(message, 'list')
  const content: Placed[] = []
  const refusals: string[] = []
  for (const one of placed) {
    const { part, path } = one
    if (part.type === 'text' || (part.type === 'opaque' && !isOpaqueCall(part) && !isDetail(part))) content.push(one)
    else if (part.type === 'reasoning' && isContentThought(part)) content.push(one)
    else if (part.type === 'refusal' && isList && !isSpelled(part, MEMBER)) content.push(one)
    else if (part.type === 'refusal') refusals.push(part.text)
    else if (part.type === 'audio') writeAudio(wire, part, path, context)
    else if (part.type === 'image') writeImage(wire, part, path, context)
    else if (part.type === 'file') context.report(path, 'an assistant cannot hand over files here')
    else if (part.type === 'tool-result') context.report(path, 'a tool result must stand in a turn of its own')
  }
  if (refusals.length > 0) wire.refusal = refusals.join('\n')
  writeAnnotations(wire, message, content)
  reportOrder(placed, context)
  // The API has one text; blocks of a text are no paragraphs, so that nothing stands between them.
  const written = encodeContent(content, message, '', context)
  const saysNothing = written === '' && !isSpelled(message, 'empty-content')
  // Beside calls an empty string makes some clients and servers overlook the calls (trap 54).
  const isElsewhere = wire.tool_calls !== undefined || wire.function_call !== undefined || refusals.length > 0
  if (written !== undefined) wire.content = saysNothing && isElsewhere ? null : written
}

/** Only those that stood there: what another protocol cites is reported with its text. */
function writeAnnotations(wire: RequestMessage, message: Message, content: readonly Placed[]): void {
  const citations = content.flatMap(({ part }) => (part.type === 'text' ? (part.citations ?? []) : []))
  const own = citations.flatMap(({ original }) => (original.protocol === PROTOCOL ? [original.value] : []))
  if (own.length > 0 || isSpelled(message, 'no-annotations')) wire.annotations = own
}

/** Calls stand behind all text on the wire; a text that came after one is told before it. */
function reportOrder(placed: readonly Placed[], context: MessageContext): void {
  const firstCall = placed.findIndex(({ part }) => part.type === 'tool-call')
  if (firstCall < 0) return
  for (const { part, path } of placed.slice(firstCall)) {
    if (part.type === 'text') context.report(path, 'text stands before all calls here', 'changed')
  }
}

function writeAudio(wire: RequestMessage, part: AudioPart, path: string, context: MessageContext): void {
  const kept = part.extra?.protocol === PROTOCOL ? part.extra.fields.id : undefined
  const { source } = part
  const id = source.type === 'file-id' && source.protocol === PROTOCOL ? source.id : kept
  if (typeof id === 'string') wire.audio = { id }
  else context.report(path, 'what an assistant said aloud goes back by its id only')
}

function writeImage(wire: RequestMessage, part: ImagePart, path: string, context: MessageContext): void {
  const image = isOwn(part) ? encodePart(part, path, context) : undefined
  if (image === undefined) context.report(path, 'an assistant cannot show pictures here')
  else wire.images = [...((wire.images as unknown[] | undefined) ?? []), image]
}

function writeCalls(wire: RequestMessage, message: Message, placed: readonly Placed[], context: MessageContext): void {
  const calls: ToolCall[] = []
  for (const { part, path } of placed) {
    if (part.type === 'opaque' && isOpaqueCall(part)) {
      calls.push({ ...(part.value as ToolCall) })
    } else if (part.type === 'tool-call' && isLegacyCall(part)) {
      wire.function_call = encodeFunctionCall(part, path, context.report)
    } else if (part.type === 'tool-call') {
      const isCustom = part.freeform === true && takesFreeform(part, context.facts)
      calls.push(encodeCall(part, context.callId(part.id), isCustom, path, context.report))
    }
  }
  if (calls.length > 0 || isSpelled(message, 'no-calls')) wire.tool_calls = calls
}

function writeThoughts(
  wire: RequestMessage,
  message: Message,
  placed: readonly Placed[],
  context: MessageContext,
): void {
  const texts: string[] = []
  const details: unknown[] = []
  const calls: Placed<ToolCallPart>[] = []
  let isTold = false
  for (const { part, path } of placed) {
    if (part.type === 'tool-call') calls.push({ part, path })
    else if (part.type === 'opaque' && isDetail(part)) details.push(part.value)
    if (part.type !== 'reasoning' || isContentThought(part)) continue
    const told = encodeThought(part, details.length, path, context)
    details.push(...told)
    if (isOwn(part) || context.facts.replaysReasoning === true) {
      texts.push(part.text)
      isTold ||= !isOwn(part)
    } else if (told.length === 0) {
      context.report(path, 'this model is not given its earlier thoughts')
    }
  }
  for (const { part, path } of calls) {
    const proof = encodeProof(part, path, context)
    if (proof !== undefined) details.push(proof)
  }
  const spelled = spelledMembers(message)
  // Where a model wants its thoughts back, a turn with calls must have the member even when they are gone (trap 94).
  const isWanted = isTold || (context.facts.replaysReasoning === true && calls.length > 0)
  for (const member of spelled.length > 0 || !isWanted ? spelled : (['reasoning_content'] as const)) {
    wire[member] = texts.join('')
  }
  if (details.length > 0 || isSpelled(message, 'no-details')) wire.reasoning_details = details
}

/** The thought with its proof, where it bears one that the model can read; without it where a client of this protocol told it. */
function encodeThought(
  part: ReasoningPart,
  index: number,
  path: string,
  context: MessageContext,
): readonly ReasoningDetail[] {
  const hasProof = part.signature !== undefined || part.encrypted !== undefined
  if (!hasProof && !isDetail(part)) return []
  if (!hasProof || canRead(part, context)) return encodeDetails(part, index, path, context.report)
  const { signature: _signature, encrypted, ...visible } = part
  const kind = encrypted === undefined ? 'signature' : 'encrypted'
  context.report(`${path}.${kind}`, `only ${part.issuer ?? PROTOCOL} can read this proof of a thought`)
  return encrypted === undefined && isDetail(part) ? encodeDetails(visible, index, path, context.report) : []
}

function encodeProof(part: ToolCallPart, path: string, context: MessageContext): ReasoningDetail | undefined {
  if (part.signature === undefined) return undefined
  if (canRead(part, context)) return encodeCallProof(part, context.callId(part.id))
  context.report(`${path}.signature`, `only ${part.issuer ?? PROTOCOL} can read this proof of a thought`)
  return undefined
}

/**
 * Where nobody knows who issues a model's proofs, what a client of this protocol wrote goes up as it is: routers such as
 * OpenRouter serve the models of many issuers and look at the format themselves.
 */
function canRead(part: ReasoningPart | ToolCallPart, { facts }: MessageContext): boolean {
  if (facts.issuer === undefined && isOwn(part)) return true
  return (part.issuer ?? PROTOCOL) === (facts.issuer ?? PROTOCOL)
}
