/** Events of an answer, written as a stream for a client: server-sent events, or one JSON array that grows (trap 29). */
import type { ReplyContext, StreamEncoder } from '../codec.ts'
import { createJsonArrayWriter } from '../framing/json-array.ts'
import { encodeSse } from '../framing/sse.ts'
import type {
  FinishEvent,
  PartDelta,
  PartEndEvent,
  PartHead,
  PartStartEvent,
  StartEvent,
  StreamEvent,
} from '../ir/event.ts'
import { type JsonObject, ownFields } from '../ir/extra.ts'
import { listLosses } from '../ir/loss.ts'
import type { Usage } from '../ir/usage.ts'
import { asksForEvents } from './action.ts'
import { writeFrame } from './answer-frame.ts'
import { createGroundingWriter, type GroundingWriter } from './citations.ts'
import { encodeEnvelope } from './error.ts'
import { blockOf } from './finish.ts'
import { PROTOCOL } from './keep.ts'
import { isComplete, writeReplyPart } from './reply.ts'
import { tellFinish } from './response.ts'
import { encodeUsage } from './usage.ts'
import type { Candidate, GenerateContentResponse, WirePart } from './wire.ts'

/** The part of a candidate that is open. */
interface OpenPart {
  readonly head: PartHead
  readonly path: string
  /** Pieces of a call's arguments: a call is told whole. */
  readonly args: string[]
  proof: Pick<PartDelta, 'signature' | 'issuer'>
  /** What a citation is about. */
  text: string
  /** Part of it only its issuer can read. */
  encrypted: boolean
}

interface OpenChoice {
  part?: OpenPart
  /** Parts told so far. */
  count: number
  readonly grounding: GroundingWriter
}

export function createStreamEncoder(context: ReplyContext): StreamEncoder {
  const { losses, report } = listLosses()
  const array = context.wire === undefined || asksForEvents(context.wire) ? undefined : createJsonArrayWriter()
  const choices = new Map<number, OpenChoice>()
  let frame: JsonObject = writeFrame('', context)
  /** Members of the answer itself, told once. */
  let beside: JsonObject = {}
  let usage: Usage | undefined
  let cutCalls: string[] = []

  function chunk(body: object): string {
    const json = JSON.stringify(body)
    return array === undefined ? encodeSse(json) : array.element(json)
  }

  function tell(candidates: readonly Candidate[], more: JsonObject = {}): string {
    const body: GenerateContentResponse = { candidates: [...candidates], ...more, ...frame, ...beside }
    beside = {}
    return chunk(body)
  }

  function tellPart(index: number, part: WirePart, more: JsonObject = {}): string {
    choiceOf(index).count++
    return tell([{ content: { parts: [part], role: 'model' }, index, ...more }])
  }

  function choiceOf(index: number): OpenChoice {
    let choice = choices.get(index)
    if (choice === undefined) {
      choice = { count: 0, grounding: createGroundingWriter(report) }
      choices.set(index, choice)
    }
    return choice
  }

  function start(event: StartEvent): string {
    if (event.serviceTier !== undefined) report('serviceTier', 'the tiers of this API are others')
    frame = writeFrame(event.id ?? '', context)
    beside = ownFields(event.extra, PROTOCOL, '', report) ?? {}
    usage = event.usage
    return ''
  }

  function startPart({ choice, part, head }: PartStartEvent): string {
    const path = `choices.${choice}.parts.${part}`
    choiceOf(choice).part = { head, path, args: [], proof: {}, text: '', encrypted: false }
    if (head.type !== 'whole') {
      if (head.type !== 'tool-call') ownFields(head.extra, PROTOCOL, path, report)
      return ''
    }
    const wire = writeReplyPart(head.part, path, report)
    return wire === undefined ? '' : tellPart(choice, wire)
  }

  function addDelta(index: number, delta: PartDelta): string {
    const choice = choiceOf(index)
    const open = choice.part
    if (open === undefined) return ''
    if (delta.citation !== undefined)
      choice.grounding.add(delta.citation, Math.max(0, choice.count - 1), open.text, open.path)
    if (delta.signature !== undefined) {
      open.proof = { signature: delta.signature, ...(delta.issuer === undefined ? {} : { issuer: delta.issuer }) }
    }
    if (delta.encrypted !== undefined) open.encrypted = true
    if (open.head.type === 'tool-call') {
      if (delta.arguments !== undefined) open.args.push(delta.arguments)
      return ''
    }
    return tellText(index, open, delta)
  }

  function tellText(index: number, open: OpenPart, delta: PartDelta): string {
    const { head, path } = open
    if (head.type !== 'text' && head.type !== 'reasoning' && head.type !== 'refusal') return ''
    const text = delta.text ?? ''
    open.text += head.type === 'text' ? text : ''
    const proof = delta.signature === undefined ? {} : open.proof
    const type = head.type === 'reasoning' ? 'reasoning' : 'text'
    const part = writeReplyPart({ type, text, ...proof }, path, report)
    return part === undefined ? '' : tellPart(index, part, tellLogprobs(delta, path))
  }

  function tellLogprobs({ logprobs }: PartDelta, path: string): JsonObject {
    if (logprobs === undefined) return {}
    if (logprobs.protocol === PROTOCOL) return { logprobsResult: logprobs.value }
    report(path.replace(/parts\.\d+$/, 'logprobs'), 'log probabilities have a form of their own here')
    return {}
  }

  function endPart({ choice: index }: PartEndEvent): string {
    const choice = choiceOf(index)
    const open = choice.part
    delete choice.part
    if (open?.head.type === 'reasoning' && (open.encrypted || open.head.encrypted !== undefined))
      report(`${open.path}.encrypted`, `only ${open.head.issuer ?? 'its issuer'} can read this`)
    if (open?.head.type !== 'tool-call') return ''
    const args = open.args.join('')
    if (!isComplete(args) && open.head.freeform !== true) {
      cutCalls = [...cutCalls, open.path]
      return ''
    }
    const part = writeReplyPart({ ...open.head, arguments: args, ...open.proof }, open.path, report)
    return part === undefined ? '' : tellPart(index, part)
  }

  function finish(event: FinishEvent): string {
    for (const path of cutCalls) report(path, 'the answer was cut in the middle of this tool call')
    const extra = ownFields(event.extra, PROTOCOL, '', report) ?? {}
    const counters = usage === undefined ? {} : { usageMetadata: encodeUsage(usage, report) }
    const [first] = event.finishes
    const block = first === undefined ? undefined : blockOf(first)
    const ends = event.finishes.map(({ choice, ...end }): Candidate => {
      const groundingMetadata = choiceOf(choice).grounding.metadata()
      return {
        content: { parts: [{ text: '' }], role: 'model' },
        finishReason: tellFinish(end, `choices.${choice}`, report),
        index: choice,
        ...(groundingMetadata === undefined ? {} : { groundingMetadata }),
        ...(choice === first?.choice ? extra : {}),
      }
    })
    const last =
      block === undefined
        ? tell(ends, counters)
        : chunk({ promptFeedback: { blockReason: block }, ...counters, ...frame, ...beside })
    return last + (array?.end() ?? '')
  }

  const write: { readonly [Type in StreamEvent['type']]: (event: Extract<StreamEvent, { type: Type }>) => string } = {
    start,
    'part-start': startPart,
    'part-delta': (event) => addDelta(event.choice, event.delta),
    'part-end': endPart,
    usage: (event) => {
      usage = event.usage
      return ''
    },
    finish,
    error: (event) => chunk(encodeEnvelope(event.error)) + (array?.end() ?? ''),
  }

  return {
    // The row of the table takes just this type of event, which the compiler cannot see through the union.
    encode: (event) => write[event.type](event as never),
    losses,
  }
}
