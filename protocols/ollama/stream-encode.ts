/** The stream of an answer, from legal events to lines. */
import type { ReplyContext, StreamEncoder } from '../codec.ts'
import { encodeNdjson } from '../framing/ndjson.ts'
import type { FinishEvent, PartDelta, PartDeltaEvent, PartStartEvent, StreamEvent } from '../ir/event.ts'
import { loseExtra } from '../ir/extra.ts'
import { listLosses } from '../ir/loss.ts'
import type { ToolCallPart } from '../ir/part.ts'
import type { Usage } from '../ir/usage.ts'
import { encodeHead, encodeLogprobs, isGenerate, readElapsed } from './answer.ts'
import { encodeEnvelope } from './error.ts'
import { encodeFinish, isIdleFinish } from './finish.ts'
import { encodeImage } from './media.ts'
import { encodeAnswerCall, NO_CITATIONS, UNTELLABLE } from './response.ts'
import { giveBack } from './rest.ts'
import { encodeUsage } from './usage.ts'
import type { Answer, Said } from './wire.ts'

type OpenPart =
  | { readonly type: 'text' | 'reasoning' | 'whole' }
  /** A call is told whole, in one line (trap 136). */
  | { readonly type: 'call'; call: ToolCallPart; readonly pieces: string[] }

export function createStreamEncoder(context: ReplyContext): StreamEncoder {
  const { losses, report } = listLosses()
  const asGenerate = isGenerate(context)
  let prefix = writePrefix(undefined)
  let open: OpenPart | undefined
  let usage: Usage | undefined
  let calls = 0
  let firstMs: number | undefined
  let isSecondReported = false

  function writePrefix(createdAt: number | undefined): string {
    return JSON.stringify(encodeHead(createdAt, context)).slice(0, -1)
  }

  /** Of a long stream only what is new is written anew with each line. */
  function line(said: Said): string {
    firstMs ??= context.elapsedMs?.() ?? 0
    const { content = '', ...others } = said
    const members = asGenerate
      ? { response: content, ...others, done: false }
      : { message: { role: 'assistant', content, ...others }, done: false }
    return encodeNdjson(`${prefix},${JSON.stringify(members).slice(1)}`)
  }

  function isFirst(choice: number): boolean {
    if (choice === 0) return true
    if (!isSecondReported) report('choices', 'only the first answer is told: Ollama knows no more')
    isSecondReported = true
    return false
  }

  function startPart({ choice, part, head }: PartStartEvent): string {
    if (!isFirst(choice)) return ''
    const path = `choices.0.parts.${part}`
    if (head.type !== 'tool-call') loseExtra(head.type === 'whole' ? head.part.extra : head.extra, path, report)
    switch (head.type) {
      case 'text':
      case 'reasoning':
        open = { type: head.type }
        if (head.type === 'reasoning' && head.encrypted !== undefined)
          report(`${path}.encrypted`, 'only its issuer can read this thought')
        return ''
      case 'refusal':
        open = { type: 'text' }
        report(path, 'a refusal is told as text', 'changed')
        return ''
      case 'tool-call':
        open = { type: 'call', call: { ...head, arguments: '' }, pieces: [] }
        return ''
      case 'whole': {
        open = { type: 'whole' }
        if (head.part.type !== 'image') {
          report(path, UNTELLABLE)
          return ''
        }
        if (asGenerate) report(path, 'an answer to a prompt holds no pictures')
        const image = asGenerate ? undefined : encodeImage(head.part, path, report)
        return image === undefined ? '' : line({ images: [image] })
      }
    }
  }

  function more({ choice, part, delta }: PartDeltaEvent): string {
    if (!isFirst(choice) || open === undefined) return ''
    const path = `choices.0.parts.${part}`
    if (open.type === 'call') {
      if (delta.arguments !== undefined) open.pieces.push(delta.arguments)
      if (delta.signature !== undefined) open.call = { ...open.call, signature: delta.signature }
      return ''
    }
    reportMarks(delta, path)
    const { text = '' } = delta
    if (open.type === 'reasoning') return text === '' ? '' : line({ thinking: text })
    const logprobs = encodeLogprobs(delta.logprobs, 'choices.0', report)
    if (delta.logprobs !== undefined && logprobs === undefined)
      report('choices.0.logprobs', 'written in the form of another protocol')
    if (text === '' && logprobs === undefined) return ''
    const told = line({ content: text })
    return logprobs === undefined ? told : encodeNdjson(`${told.slice(0, -2)},"logprobs":${JSON.stringify(logprobs)}}`)
  }

  function reportMarks(delta: PartDelta, path: string): void {
    if (delta.signature !== undefined) report(`${path}.signature`, 'Ollama has no signatures')
    if (delta.encrypted !== undefined) report(`${path}.encrypted`, 'only its issuer can read this thought')
    if (delta.citation !== undefined) report(`${path}.citations`, NO_CITATIONS)
  }

  function endPart(choice: number, part: number): string {
    if (!isFirst(choice)) return ''
    const ended = open
    open = undefined
    if (ended?.type !== 'call') return ''
    const call = { ...ended.call, arguments: ended.pieces.join('') }
    const wire = encodeAnswerCall(call, `choices.0.parts.${part}`, calls, report)
    if (wire === undefined) return ''
    calls++
    return line({ tool_calls: [wire] })
  }

  function finish(event: FinishEvent): string {
    const end = event.finishes.find(({ choice }) => choice === 0) ?? event.finishes[0]
    const elapsed = readElapsed(context, firstMs)
    const last: Partial<Answer> = {
      ...(asGenerate ? { response: '' } : { message: { role: 'assistant', content: '' } }),
      done: true,
      done_reason: end === undefined ? 'stop' : encodeFinish(end, 'choices.0.finish', report),
      ...(isIdleFinish(end) ? {} : encodeUsage(usage, elapsed, report)),
    }
    giveBack(last, event.extra === undefined ? {} : { extra: event.extra }, '', report)
    return encodeNdjson(`${prefix},${JSON.stringify(last).slice(1)}`)
  }

  const write: { readonly [Type in StreamEvent['type']]: (event: Extract<StreamEvent, { type: Type }>) => string } = {
    start(event) {
      prefix = writePrefix(event.createdAt)
      if (event.serviceTier !== undefined) report('serviceTier', 'Ollama has no tiers')
      giveBack({}, event.extra === undefined ? {} : { extra: event.extra }, '', report)
      return ''
    },
    'part-start': startPart,
    'part-delta': more,
    'part-end': ({ choice, part }) => endPart(choice, part),
    usage(event) {
      usage = event.usage
      return ''
    },
    finish,
    // No line that says done after it: the client must not take the answer for whole (trap 10).
    error: ({ error }) => encodeNdjson(JSON.stringify(encodeEnvelope(error))),
  }

  return {
    // The table's row takes just this type of event, which the compiler cannot see through the union.
    encode: (event) => write[event.type](event as never),
    losses,
  }
}
