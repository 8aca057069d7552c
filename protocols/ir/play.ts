/** Tells a whole answer as the stream of events that would have told it. */
import type { PartDelta, PartHead, StreamEvent } from './event.ts'
import type { Part } from './part.ts'
import type { ChatResponse, Choice } from './response.ts'

/** For clients that asked for a stream where the back end answered in one piece. The events are legal as they are. */
export function playResponse(response: ChatResponse, emit: (event: StreamEvent) => void): void {
  const { choices, usage, ...start } = response
  emit({ type: 'start', ...start })
  for (const choice of choices) playChoice(choice, emit)
  if (usage !== undefined) emit({ type: 'usage', usage })
  const extra = choices.find((choice) => choice.extra !== undefined)?.extra
  emit({
    type: 'finish',
    finishes: choices.map((choice) => ({ choice: choice.index, ...choice.finish })),
    ...(extra === undefined ? {} : { extra }),
  })
}

function playChoice(choice: Choice, emit: (event: StreamEvent) => void): void {
  let logprobs = choice.logprobs
  for (const [index, part] of choice.parts.entries()) {
    const place = { part: index, choice: choice.index }
    const told = tellPart(part)
    if (told === undefined) continue
    emit({ type: 'part-start', ...place, head: told.head })
    for (const delta of told.deltas) {
      emit({ type: 'part-delta', ...place, delta: logprobs === undefined ? delta : { ...delta, logprobs } })
      logprobs = undefined
    }
    emit({ type: 'part-end', ...place })
  }
}

interface ToldPart {
  readonly head: PartHead
  readonly deltas: readonly PartDelta[]
}

/** Results of tools are never part of an answer that a model gives; such a part tells nothing. */
function tellPart(part: Part): ToldPart | undefined {
  switch (part.type) {
    case 'text':
      return {
        head: { type: 'text', ...tellKept(part) },
        deltas: [
          { text: part.text },
          ...(part.citations ?? []).map((citation) => ({ citation })),
          ...tellSignature(part.signature, part.issuer),
        ],
      }
    case 'reasoning':
      return {
        head: {
          type: 'reasoning',
          ...tellKept(part),
          ...(part.id === undefined ? {} : { id: part.id }),
          ...(part.issuer === undefined ? {} : { issuer: part.issuer }),
          ...(part.encrypted === undefined ? {} : { encrypted: part.encrypted }),
        },
        deltas: [...(part.text === '' ? [] : [{ text: part.text }]), ...tellSignature(part.signature, part.issuer)],
      }
    case 'refusal':
      return { head: { type: 'refusal', ...tellKept(part) }, deltas: [{ text: part.text }] }
    case 'tool-call': {
      const { arguments: args, signature, issuer, cache: _cache, ...head } = part
      return { head, deltas: [{ arguments: args }, ...tellSignature(signature, issuer)] }
    }
    case 'tool-result':
      return undefined
    case 'image':
    case 'audio':
    case 'file':
    case 'opaque':
      return { head: { type: 'whole', part }, deltas: [] }
  }
}

function tellKept({ extra, spelling }: Part): Pick<Part, 'extra' | 'spelling'> {
  return { ...(extra === undefined ? {} : { extra }), ...(spelling === undefined ? {} : { spelling }) }
}

function tellSignature(signature: string | undefined, issuer: string | undefined): PartDelta[] {
  if (signature === undefined) return []
  return [{ signature, ...(issuer === undefined ? {} : { issuer }) }]
}
