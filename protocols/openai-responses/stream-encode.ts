/** The stream of an answer, from legal events to text. */
import type { ReplyContext, StreamEncoder } from '../codec.ts'
import type { ApiError } from '../ir/error.ts'
import type { FinishEvent, PartDeltaEvent, PartStartEvent, StartEvent, StreamEvent } from '../ir/event.ts'
import { ownFields } from '../ir/extra.ts'
import { listLosses } from '../ir/loss.ts'
import type { Usage } from '../ir/usage.ts'
import { encodeHead } from './answer-head.ts'
import { encodeFailure } from './error-names.ts'
import { encodeFinish } from './finish.ts'
import { createOutputContext, type ItemStatus, nameItem, writeWhole } from './output.ts'
import { giveBack, PROTOCOL } from './rest.ts'
import { type CallStream, createCallStream } from './stream-call.ts'
import { createMessageStream, type MessageStream } from './stream-message.ts'
import { createThoughtStream, type ThoughtStream } from './stream-thought.ts'
import { createStreamWriter } from './stream-writer.ts'
import { beginsMessage } from './turn-encode.ts'
import { encodeUsage } from './usage.ts'
import type { ResponseObject } from './wire.ts'

const ENDS: Readonly<Record<string, string>> = {
  incomplete: 'response.incomplete',
  failed: 'response.failed',
}

/** The API gives one answer: it is candidate 0, and of others nothing is told. */
const TOLD_CHOICE = 0

export function createStreamEncoder(reply: ReplyContext): StreamEncoder {
  const { losses, report } = listLosses()
  const context = createOutputContext(reply, report)
  const writer = createStreamWriter()
  const untold = new Set<number>()
  let head: ResponseObject | undefined
  let usage: Usage | undefined
  /** A message stays open while texts follow one another: they may stand in it side by side. */
  let message: MessageStream | undefined
  let item: ThoughtStream | CallStream | undefined
  let isSaying = false
  let hasRefusal = false

  function begin(event: Omit<StartEvent, 'type'>): string {
    const made = encodeHead(event, reply, report)
    giveBack(made, event.extra === undefined ? {} : { extra: event.extra }, '', report)
    head = made
    return writer.tell('response.created', made) + writer.tell('response.in_progress', made)
  }

  function closeMessage(status: ItemStatus): string {
    const frames = message === undefined ? '' : message.close(status)
    message = undefined
    return frames
  }

  function isTold(choice: number): boolean {
    if (choice === TOLD_CHOICE) return true
    if (!untold.has(choice)) report(`choices.${choice}`, 'the Responses API gives one answer')
    untold.add(choice)
    return false
  }

  function startPart({ choice, part, head: kind }: PartStartEvent): string {
    if (!isTold(choice)) return ''
    const path = `choices.${choice}.parts.${part}`
    if (kind.type === 'text' || kind.type === 'refusal') {
      const closed = beginsMessage(kind) ? closeMessage('completed') : ''
      isSaying = true
      hasRefusal ||= kind.type === 'refusal'
      let opened = ''
      if (message === undefined) {
        message = createMessageStream(kind, writer, context)
        opened = message.open()
      }
      return closed + opened + message.startPart(kind.type, kind, path)
    }
    const closed = closeMessage('completed')
    if (kind.type === 'whole') {
      const id = nameItem(kind.part.type === 'image' ? 'ig' : 'msg', writer.nextIndex, context)
      const whole = writeWhole(kind.part, id, path, report)
      if (whole === undefined) return closed
      const begun = writer.begin(whole)
      return closed + begun.frames + writer.end(whole, begun.index)
    }
    item =
      kind.type === 'reasoning'
        ? createThoughtStream(kind, path, writer, context)
        : createCallStream(kind, path, writer, context)
    return closed + item.open()
  }

  function more({ choice, delta }: PartDeltaEvent): string {
    if (choice !== TOLD_CHOICE) return ''
    if (isSaying) return message?.morePart(delta) ?? ''
    return item?.more(delta) ?? ''
  }

  function endPart(choice: number): string {
    if (choice !== TOLD_CHOICE) return ''
    if (isSaying) {
      isSaying = false
      return message?.endPart() ?? ''
    }
    const frames = item?.close() ?? ''
    item = undefined
    return frames
  }

  function end(type: string, members: Partial<ResponseObject>, extra: FinishEvent['extra']): string {
    const begun = head === undefined ? begin({}) : ''
    const told: ResponseObject = {
      ...(head ?? encodeHead({}, reply, report)),
      ...members,
      // What was still null as the answer began.
      ...ownFields(extra, PROTOCOL, '', report),
      output: [...writer.output],
      usage: usage === undefined ? null : encodeUsage(usage, report),
    }
    return begun + writer.tell(type, told)
  }

  function finish(event: FinishEvent): string {
    const told = event.finishes.find(({ choice }) => choice === TOLD_CHOICE)
    const { change, ...written } = encodeFinish(told ?? { reason: 'stop' }, hasRefusal)
    if (change !== undefined) report('choices.0.finish.reason', change, 'changed')
    if (told?.stopSequence !== undefined) report('choices.0.finish.stopSequence', 'the API does not say which')
    const closed = closeMessage(written.status === 'incomplete' ? 'incomplete' : 'completed')
    return closed + end(ENDS[written.status] ?? 'response.completed', written, event.extra)
  }

  /** What is open stays open: the client must not take it for whole (traps 10, 11). */
  function fail(error: ApiError): string {
    return end(
      'response.failed',
      { status: 'failed', error: encodeFailure(error), incomplete_details: null },
      undefined,
    )
  }

  const write: { readonly [Type in StreamEvent['type']]: (event: Extract<StreamEvent, { type: Type }>) => string } = {
    start: begin,
    'part-start': startPart,
    'part-delta': more,
    'part-end': ({ choice }) => endPart(choice),
    usage(event) {
      usage = event.usage
      return ''
    },
    finish,
    error: ({ error }) => fail(error),
  }

  return {
    // The table's row takes just this type of event, which the compiler cannot see through the union.
    encode: (event) => write[event.type](event as never),
    losses,
  }
}
