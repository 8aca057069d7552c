/** A back end's stream, read. @see https://docs.anthropic.com/en/docs/build-with-claude/streaming */
import type { AnswerContext, StreamDecoder } from '../codec.ts'
import { createSseDecoder } from '../framing/sse.ts'
import { tellTooLong } from '../framing/tell-too-long.ts'
import { ApiFailure } from '../ir/error.ts'
import type { StreamEvent } from '../ir/event.ts'
import { expectInteger, expectObject, expectString, optional } from '../ir/expect.ts'
import type { JsonObject } from '../ir/extra.ts'
import { collectExtra } from '../ir/extra.ts'
import { listLosses } from '../ir/loss.ts'
import { decodeFrame } from './answer-frame.ts'
import { type BlockStream, createBlockStream } from './block-stream.ts'
import { decodeEnvelope } from './error.ts'
import { PROTOCOL } from './keep.ts'
import { backEndReader } from './parts.ts'
import { decodeFinish, decodeUsage, joinWireUsage } from './usage.ts'

/** So many events in a row that cannot be understood are no stream of this protocol (F65). */
const MOST_UNREADABLE = 10

type ReadEvent = (event: JsonObject) => void

export function createStreamDecoder({ facts }: AnswerContext, emit: (event: StreamEvent) => void): StreamDecoder {
  const { losses, report } = listLosses()
  const reader = backEndReader(facts)
  const blocks = new Map<number, BlockStream>()
  let usage: JsonObject = {}
  let unreadable = 0
  let done = false

  const readers: ReadonlyMap<string, ReadEvent> = new Map<string, ReadEvent>([
    ['message_start', readStart],
    ['content_block_start', readBlockStart],
    ['content_block_delta', ({ index, delta }) => openBlock(index).delta(expectObject(delta, 'delta'))],
    ['content_block_stop', ({ index }) => openBlock(index).end()],
    ['message_delta', readStop],
    ['message_stop', readEnd],
    // Keep-alives are made afresh for the client (trap 7).
    ['ping', () => {}],
    ['error', readError],
  ])

  function readStart({ message }: JsonObject): void {
    const fields = expectObject(message, 'message')
    // What is known at the end only is null here.
    const { endExtra: _endExtra, id, model, extra } = decodeFrame(fields, 'message.')
    emit({ type: 'start', id, model, ...(extra === undefined ? {} : { extra }), ...readUsage(fields.usage) })
  }

  /** Counters are cumulative: each report replaces what the one before said (Q56). */
  function readUsage(value: unknown) {
    const told = optional(value, 'usage', expectObject)
    if (told === undefined) return {}
    usage = joinWireUsage(usage, told)
    return { usage: decodeUsage(usage, 'usage') }
  }

  function readBlockStart({ index, content_block: block }: JsonObject): void {
    const part = expectInteger(index, 'index')
    const stream = createBlockStream(expectObject(block, 'content_block'), part, reader, emit)
    blocks.set(part, stream)
    stream.start()
  }

  function openBlock(index: unknown): BlockStream {
    const part = expectInteger(index, 'index')
    const block = blocks.get(part)
    if (block === undefined) throw new ApiFailure({ kind: 'bad-request', message: `index: block ${part} never began` })
    return block
  }

  function readStop(event: JsonObject): void {
    const delta = expectObject(event.delta, 'delta')
    const stopReason = optional(delta.stop_reason, 'delta.stop_reason', expectString)
    const stopSequence = optional(delta.stop_sequence, 'delta.stop_sequence', expectString)
    const told = readUsage(event.usage)
    if (told.usage !== undefined) emit({ type: 'usage', usage: told.usage })
    const ends = {
      ...collectExtra(delta, STOP_MEMBERS, PROTOCOL)?.fields,
      ...collectExtra(event, EVENT_MEMBERS, PROTOCOL)?.fields,
    }
    if (stopReason === undefined) return
    emit({
      type: 'finish',
      finishes: [{ choice: 0, ...decodeFinish(stopReason, stopSequence) }],
      ...(Object.keys(ends).length === 0 ? {} : { extra: { protocol: PROTOCOL, fields: ends } }),
    })
  }

  function readEnd(event: JsonObject): void {
    for (const name of Object.keys(event)) {
      if (name !== 'type') report(`message_stop.${name}`, 'metrics of one provider, which have no place in an answer')
    }
    done = true
  }

  function readError(event: JsonObject): void {
    done = true
    emit({ type: 'error', error: decodeEnvelope(event, undefined) })
  }

  function read(data: string): void {
    if (done) return
    const problem = tryRead(data)
    if (problem === undefined) {
      unreadable = 0
      return
    }
    report('stream', problem)
    unreadable++
    if (unreadable > MOST_UNREADABLE) giveUp(problem)
  }

  function giveUp(problem: string): void {
    done = true
    const message = `The provider's stream cannot be read: ${problem}`
    emit({ type: 'error', error: { kind: 'upstream-failed', message, source: 'provider' } })
  }

  /** An event beyond all limits ends the stream (F66). */
  function feed(read: () => void): void {
    if (!done) tellTooLong(read, giveUp)
  }

  /** @returns what is wrong with it. */
  function tryRead(data: string): string | undefined {
    try {
      const event = expectObject(JSON.parse(data), 'event')
      // The name is in the data as well, and in some copies only there (Q8).
      const type = expectString(event.type, 'type')
      const readEvent = readers.get(type)
      if (readEvent === undefined) return `unknown event ${JSON.stringify(type)}`
      readEvent(event)
      return undefined
    } catch (error) {
      if (error instanceof ApiFailure) return error.message
      if (error instanceof SyntaxError) return 'an event that is no JSON'
      throw error
    }
  }

  const frames = createSseDecoder(({ data }) => read(data))
  return {
    push: (chunk) => feed(() => frames.push(chunk)),
    end() {
      feed(() => frames.end())
      for (const block of blocks.values()) {
        const problem = block.abandon()
        if (problem !== undefined) report('stream', problem)
      }
    },
    get done() {
      return done
    },
    losses,
  }
}

const STOP_MEMBERS = new Set(['stop_reason', 'stop_sequence'])
const EVENT_MEMBERS = new Set(['type', 'delta', 'usage'])
