/** Events of an answer, written as a stream for a client: blocks strictly one after the other, numbered without a gap (traps 34, 35). */
import type { ReplyContext, StreamEncoder } from '../codec.ts'
import { encodeSse } from '../framing/sse.ts'
import type { FinishEvent, PartDelta, PartEndEvent, PartStartEvent, StartEvent, StreamEvent } from '../ir/event.ts'
import { ownFields } from '../ir/extra.ts'
import { listLosses } from '../ir/loss.ts'
import type { Usage } from '../ir/usage.ts'
import { encodeId, splitEnd } from './answer-frame.ts'
import { type BlockWriter, createBlockWriter } from './block-write.ts'
import { encodeEnvelope } from './error.ts'
import { PROTOCOL } from './keep.ts'
import { encodeStopReason, encodeUsage, withoutStartCounters } from './usage.ts'
import type { WireEvent } from './wire.ts'

/** One event, ready to be sent. */
export function frame(event: WireEvent): string {
  return encodeSse(JSON.stringify(event), event.type)
}

export function createStreamEncoder(context: ReplyContext): StreamEncoder {
  const { losses, report } = listLosses()
  const otherChoices = new Set<number>()
  let usage: Usage | undefined
  let blockCount = 0
  let block: BlockWriter | undefined
  let refused = false

  function startMessage(event: StartEvent): string {
    if (event.serviceTier !== undefined) report('serviceTier', 'the tiers of this API are others')
    usage = event.usage
    return frame({
      type: 'message_start',
      message: {
        id: encodeId(event.id ?? '', context.id),
        type: 'message',
        role: 'assistant',
        model: context.servedModel,
        content: [],
        stop_reason: null,
        stop_sequence: null,
        usage: encodeUsage(event.usage, context.estimatedInputTokens, report),
        ...ownFields(event.extra, PROTOCOL, '', report),
      },
    })
  }

  /** Only the first answer is told; the others are reported once each. */
  function isOther(choice: number): boolean {
    if (choice === 0) return false
    if (!otherChoices.has(choice)) report(`choices.${choice}`, 'the Messages API gives one answer')
    otherChoices.add(choice)
    return true
  }

  function startPart(event: PartStartEvent): string {
    if (isOther(event.choice)) return ''
    if (event.head.type === 'refusal') refused = true
    block = createBlockWriter(event.head, {
      path: `choices.0.parts.${event.part}`,
      report,
      nextIndex: () => blockCount++,
      frame,
    })
    return block.start()
  }

  function addDelta(choice: number, delta: PartDelta): string {
    return isOther(choice) ? '' : (block?.delta(delta) ?? '')
  }

  function endPart(event: PartEndEvent): string {
    if (isOther(event.choice)) return ''
    const text = block?.end() ?? ''
    block = undefined
    return text
  }

  function finish(event: FinishEvent): string {
    for (const { choice } of event.finishes) isOther(choice)
    const end = event.finishes.find(({ choice }) => choice === 0) ?? { choice: 0, reason: 'stop' }
    const { inDelta, beside } = splitEnd(ownFields(event.extra, PROTOCOL, '', report) ?? {})
    const stopReason = refused && end.reason === 'stop' ? 'refusal' : encodeStopReason(end)
    return (
      frame({
        type: 'message_delta',
        delta: { stop_reason: stopReason, stop_sequence: end.stopSequence ?? null, ...inDelta },
        usage: withoutStartCounters(encodeUsage(usage, context.estimatedInputTokens, report)),
        ...beside,
      }) + frame({ type: 'message_stop' })
    )
  }

  const write: { readonly [Type in StreamEvent['type']]: (event: Extract<StreamEvent, { type: Type }>) => string } = {
    start: startMessage,
    'part-start': startPart,
    'part-delta': (event) => addDelta(event.choice, event.delta),
    'part-end': endPart,
    usage: (event) => {
      usage = event.usage
      return ''
    },
    finish,
    error: (event) => frame(encodeEnvelope(event.error)),
  }

  return {
    // The row of the table takes just this type of event, which the compiler cannot see through the union.
    encode: (event) => write[event.type](event as never),
    losses,
  }
}
