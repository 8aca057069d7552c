/** The stream of an answer, from bytes to events. */
import type { AnswerContext, StreamDecoder } from '../codec.ts'
import { createNdjsonDecoder } from '../framing/ndjson.ts'
import { tellTooLong } from '../framing/tell-too-long.ts'
import { type ApiError, ApiFailure } from '../ir/error.ts'
import type { PartHead, StreamEvent } from '../ir/event.ts'
import { expectObject, expectString, optional } from '../ir/expect.ts'
import type { JsonObject } from '../ir/extra.ts'
import { listLosses } from '../ir/loss.ts'
import { createThinkTagSplitter } from '../ir/think-tag.ts'
import { collectAnswerExtra, decodeLogprobs, findSaid, type SaidFields } from './answer.ts'
import { decodeToldError, tellsError } from './error.ts'
import { decodeFinish } from './finish.ts'
import { decodeCalls, readImages } from './message-decode.ts'
import { decodeTime } from './time.ts'
import { decodeUsage } from './usage.ts'

/** So many lines in a row that nobody understands are no stream of this protocol (F65). */
const MOST_STRANGE_LINES = 10

export function createStreamDecoder({ facts }: AnswerContext, emit: (event: StreamEvent) => void): StreamDecoder {
  const { losses, report } = listLosses()
  const lines = createNdjsonDecoder(readLine)
  /** The text or thought that goes on as long as nothing else comes. */
  let running: { readonly type: 'text' | 'reasoning'; readonly part: number } | undefined
  /** Older servers and templates leave the tags of thoughts in the text (Q26). */
  const splitter =
    facts.thinkTags === true ? createThinkTagSplitter((piece) => write(piece.type, piece.text)) : undefined
  let parts = 0
  let hasCalls = false
  let started = false
  let strange = 0
  let done = false

  function fail(error: ApiError): void {
    done = true
    emit({ type: 'error', error })
  }

  function readLine(line: string): void {
    if (done) return
    const fields = parse(line)
    if (fields !== undefined && tellsError(fields)) {
      readUsage(fields)
      fail(decodeToldError(fields.error))
    } else if (fields !== undefined && understand(fields)) strange = 0
    else skip(line)
  }

  /** @returns false for an object that is no line of an answer, or in which something is not what it ought to be. */
  function understand(fields: JsonObject): boolean {
    const said = findSaid(fields)
    if (said === undefined) return false
    try {
      readStart(fields)
      readSaid(fields, said)
      if (fields.done === true) readEnd(fields, said)
      return true
    } catch (error) {
      if (error instanceof ApiFailure) return false
      throw error
    }
  }

  function skip(line: string): void {
    strange++
    report('stream', `a line that is none of an answer: ${line.slice(0, 60)}`)
    if (strange <= MOST_STRANGE_LINES) return
    fail({
      kind: 'upstream-failed',
      message: `The provider sent ${strange} lines in a row that are none of an answer.`,
      source: 'provider',
    })
  }

  function readStart(fields: JsonObject): void {
    if (started) return
    started = true
    const createdAt = decodeTime(fields.created_at)
    emit({
      type: 'start',
      ...(typeof fields.model === 'string' && fields.model !== '' ? { model: fields.model } : {}),
      ...(createdAt === undefined ? {} : { createdAt }),
    })
  }

  function readSaid(fields: JsonObject, { fields: said, content, path }: SaidFields): void {
    // Empty in most lines, and of some servers absent in the first (Q78).
    const thinking = optional(said.thinking, 'thinking', expectString) ?? ''
    const text = optional(content, 'content', expectString) ?? ''
    if (thinking !== '') write('reasoning', thinking)
    const logprobs = decodeLogprobs(fields.logprobs)
    if (text !== '' && splitter !== undefined) {
      splitter.push(text)
      if (logprobs !== undefined) report('choices.0.logprobs', 'the text is parted from the thoughts in it')
    } else if (text !== '') write('text', text, logprobs)
    for (const part of readImages(said, path)) begin({ type: 'whole', part })
    for (const { arguments: args, spelling: _spelling, type, id, name, extra } of decodeCalls(
      said.tool_calls,
      'tool_calls',
      () => '',
    )) {
      hasCalls = true
      splitter?.end()
      const part = begin({ type, id, name, ...(extra === undefined ? {} : { extra }) })
      emit({ type: 'part-delta', part, choice: 0, delta: { arguments: args } })
      emit({ type: 'part-end', part, choice: 0 })
    }
  }

  function begin(head: PartHead): number {
    const part = parts++
    running = undefined
    emit({ type: 'part-start', part, choice: 0, head })
    return part
  }

  function write(type: 'text' | 'reasoning', text: string, logprobs?: ReturnType<typeof decodeLogprobs>): void {
    if (running?.type !== type) running = { type, part: begin({ type }) }
    const delta = logprobs === undefined ? { text } : { text, logprobs }
    emit({ type: 'part-delta', part: running.part, choice: 0, delta })
  }

  function readUsage(fields: JsonObject): void {
    const usage = decodeUsage(fields)
    if (usage !== undefined) emit({ type: 'usage', usage })
  }

  function readEnd(fields: JsonObject, said: SaidFields): void {
    splitter?.end()
    readUsage(fields)
    const extra = collectAnswerExtra(fields, said)
    const finish = { choice: 0, ...decodeFinish(fields.done_reason, hasCalls) }
    emit({ type: 'finish', finishes: [finish], ...(extra === undefined ? {} : { extra }) })
    done = true
  }

  /** A line that outgrows every limit is the back end's fault, and ends its answer (F66). */
  function guard(read: () => void): void {
    tellTooLong(read, (message) => fail({ kind: 'upstream-failed', message, source: 'provider' }))
  }

  return {
    push(chunk) {
      if (!done) guard(() => lines.push(chunk))
    },
    end() {
      if (!done) guard(lines.end)
      // Every server says when it is done: a stream that does not was cut.
      if (!done) fail({ kind: 'upstream-failed', message: 'The provider broke off its answer.', source: 'provider' })
    },
    get done() {
      return done
    },
    losses,
  }
}

function parse(line: string): JsonObject | undefined {
  try {
    return expectObject(JSON.parse(line), 'line')
  } catch {
    // Skipped and counted by the caller.
    return undefined
  }
}
