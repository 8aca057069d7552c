/** The stream of an answer, from legal events to text. */

import type { ReplyContext, StreamEncoder } from '../codec.ts'
import { encodeSse } from '../framing/sse.ts'
import type { FinishEvent, PartDeltaEvent, PartStartEvent, StartEvent, StreamEvent } from '../ir/event.ts'
import { loseExtra, ownFields } from '../ir/extra.ts'
import { listLosses } from '../ir/loss.ts'
import type { ReasoningPart } from '../ir/part.ts'
import type { Usage } from '../ir/usage.ts'
import { type AnswerHead, addWholePart, encodeHead, wantsFunctionCall } from './answer-parts.ts'
import { encodeCitation } from './citations.ts'
import { encodeEnvelope } from './error-envelope.ts'
import { encodeFinish } from './finish.ts'
import { encodeCallProof, encodeDetails } from './reasoning.ts'
import { encodeLogprobs } from './response.ts'
import { giveBack, PROTOCOL } from './rest.ts'
import { encodeUsage } from './usage.ts'
import type { ChunkChoice, Delta } from './wire.ts'

type Mutable<Value> = { -readonly [Name in keyof Value]: Value[Name] }

/** The part that is open, with what must be known of it at its end. */
type OpenPart =
  | { readonly type: 'text' | 'refusal' | 'whole' }
  | { readonly type: 'reasoning'; readonly thought: Mutable<ReasoningPart> }
  | { readonly type: 'call'; readonly id: string; readonly index: number; readonly form: CallForm; proof: Proof }

/** `mute`: a second call, of which a client that declares functions does not hear. */
type CallForm = 'function' | 'custom' | 'legacy' | 'mute'

interface Proof {
  signature?: string
  issuer?: string
}

interface ChoiceState {
  open: OpenPart | undefined
  /** Calls so far: the number of the next one counts nothing else (trap 31). */
  calls: number
  details: number
  /** Characters of text so far, in which citations count. */
  length: number
  hasRefusal: boolean
}

export function createStreamEncoder(context: ReplyContext): StreamEncoder {
  const { losses, report } = listLosses()
  const choices = new Map<number, ChoiceState>()
  let head: AnswerHead = encodeHead({}, context, report)
  let prefix = writePrefix(head, {})
  let usage: Usage | undefined

  /** Of a long stream only what is new is written anew with each chunk. */
  function frame(members: Record<string, unknown>): string {
    return encodeSse(`${prefix},${JSON.stringify(members).slice(1)}`)
  }

  function chunk(choice: number, delta: Delta, others: Partial<ChunkChoice> = {}): string {
    return frame({ choices: [{ index: choice, delta, logprobs: null, finish_reason: null, ...others }] })
  }

  /** A candidate's first chunk bears its role; the one after `start` comes at once, so that the client sees life. */
  function begin(choice: number): string {
    if (choices.has(choice)) return ''
    choices.set(choice, { open: undefined, calls: 0, details: 0, length: 0, hasRefusal: false })
    return chunk(choice, { role: 'assistant', content: '', refusal: null })
  }

  function stateOf(choice: number): ChoiceState {
    const state = choices.get(choice)
    if (state === undefined)
      throw new Error(`A part of choice ${choice} came before its start: the grammar was left out`)
    return state
  }

  function start(event: StartEvent): string {
    head = encodeHead(event, context, report)
    const own = ownFields(event.extra, PROTOCOL, '', report)
    // The fingerprint is told with every chunk; what else a vendor adds would be megabytes if it were.
    const { system_fingerprint } = own ?? {}
    prefix = writePrefix(head, system_fingerprint === undefined ? {} : { system_fingerprint })
    const others = Object.entries(own ?? {}).filter(([name]) => name !== 'system_fingerprint')
    const first = {
      index: 0,
      delta: { role: 'assistant', content: '', refusal: null },
      logprobs: null,
      finish_reason: null,
    }
    choices.set(0, { open: undefined, calls: 0, details: 0, length: 0, hasRefusal: false })
    return frame({ ...Object.fromEntries(others), choices: [first] })
  }

  function startPart({ choice, part, head: kind }: PartStartEvent): string {
    const prelude = begin(choice)
    const state = stateOf(choice)
    const path = `choices.${choice}.parts.${part}`
    if (kind.type !== 'tool-call' && kind.type !== 'whole') loseExtra(kind.extra, path, report)
    switch (kind.type) {
      case 'text':
      case 'refusal':
        state.open = { type: kind.type }
        state.hasRefusal ||= kind.type === 'refusal'
        return prelude
      case 'reasoning':
        state.open = { type: 'reasoning', thought: { ...kind, text: '' } }
        return prelude
      case 'whole': {
        state.open = { type: 'whole' }
        const delta: Delta = {}
        addWholePart(delta, kind.part, path, head, report)
        return Object.keys(delta).length === 0 ? prelude : prelude + chunk(choice, delta)
      }
      case 'tool-call':
        return prelude + startCall(choice, state, path, kind)
    }
  }

  function startCall(
    choice: number,
    state: ChoiceState,
    path: string,
    call: Extract<PartStartEvent['head'], { type: 'tool-call' }>,
  ): string {
    const index = state.calls++
    const isLegacy = wantsFunctionCall(context)
    const form = isLegacy ? (index === 0 ? 'legacy' : 'mute') : call.freeform === true ? 'custom' : 'function'
    state.open = { type: 'call', id: call.id, index, form, proof: {} }
    if (call.namespace !== undefined) report(`${path}.namespace`, 'tools have no groups here')
    if (form === 'mute') report(path, 'a client that declares functions hears of one call only')
    else if (form === 'legacy') return chunk(choice, { function_call: { name: call.name, arguments: '' } })
    if (form === 'mute') return ''
    const body =
      form === 'custom' ? { custom: { name: call.name, input: '' } } : { function: { name: call.name, arguments: '' } }
    const wire = { index, id: call.id, type: form === 'custom' ? 'custom' : 'function', ...body } as const
    giveBack(wire, call.extra === undefined ? {} : { extra: call.extra }, path, report)
    return chunk(choice, { tool_calls: [wire] })
  }

  function more({ choice, part, delta }: PartDeltaEvent): string {
    const state = stateOf(choice)
    const { open } = state
    const path = `choices.${choice}.parts.${part}`
    if (open === undefined) return ''
    const told = encodeLogprobs(delta.logprobs, `choices.${choice}`, report)
    const logprobs = told === undefined ? {} : { logprobs: told }
    if (open.type === 'reasoning') return moreThought(choice, open.thought, delta)
    if (open.type === 'call') return moreCall(choice, open, delta)
    let frames = ''
    if (delta.text !== undefined && delta.text !== '') {
      state.length += open.type === 'text' ? delta.text.length : 0
      frames = chunk(choice, open.type === 'refusal' ? { refusal: delta.text } : { content: delta.text }, logprobs)
    } else if (Object.keys(logprobs).length > 0) {
      frames = chunk(choice, { content: '' }, logprobs)
    }
    if (delta.signature !== undefined) report(`${path}.signature`, 'Chat Completions has no signatures on text')
    if (delta.citation === undefined) return frames
    const span = { start: 0, end: state.length }
    const annotation = encodeCitation(delta.citation, span, `${path}.citations`, report)
    return annotation === undefined ? frames : frames + chunk(choice, { annotations: [annotation] })
  }

  function moreThought(choice: number, thought: Mutable<ReasoningPart>, delta: PartDeltaEvent['delta']): string {
    if (delta.signature !== undefined) thought.signature = delta.signature
    if (delta.issuer !== undefined) thought.issuer = delta.issuer
    if (delta.encrypted !== undefined) thought.encrypted = delta.encrypted
    if (delta.text === undefined || delta.text === '') return ''
    thought.text += delta.text
    return chunk(choice, { reasoning_content: delta.text })
  }

  function moreCall(choice: number, open: Extract<OpenPart, { type: 'call' }>, delta: PartDeltaEvent['delta']): string {
    if (delta.signature !== undefined) open.proof.signature = delta.signature
    if (delta.issuer !== undefined) open.proof.issuer = delta.issuer
    const args = delta.arguments
    if (args === undefined || args === '' || open.form === 'mute') return ''
    if (open.form === 'legacy') return chunk(choice, { function_call: { arguments: args } })
    const body = open.form === 'custom' ? { custom: { input: args } } : { function: { arguments: args } }
    return chunk(choice, { tool_calls: [{ index: open.index, ...body }] })
  }

  /** A proof is known at the end only, and is told with the whole thought that it proves: it goes back as it was told. */
  function endPart(choice: number, part: number): string {
    const state = stateOf(choice)
    const { open } = state
    state.open = undefined
    if (open?.type === 'reasoning') {
      const { thought } = open
      if ((thought.signature ?? '') === '' && thought.encrypted === undefined) return ''
      const details = encodeDetails(thought, state.details++, `choices.${choice}.parts.${part}`, report)
      return chunk(choice, { reasoning_details: [...details] })
    }
    if (open?.type !== 'call' || open.form === 'mute') return ''
    const proof = encodeCallProof({ type: 'tool-call', id: open.id, name: '', arguments: '', ...open.proof }, open.id)
    return proof === undefined ? '' : chunk(choice, { reasoning_details: [{ ...proof, index: state.details++ }] })
  }

  function finish(event: FinishEvent): string {
    let frames = ''
    for (const end of event.finishes) {
      const path = `choices.${end.choice}.finish`
      frames += begin(end.choice)
      const { hasRefusal, calls } = stateOf(end.choice)
      const { word, change } = encodeFinish(end, hasRefusal)
      if (change !== undefined) report(`${path}.reason`, change, 'changed')
      if (end.stopSequence !== undefined) report(`${path}.stopSequence`, 'Chat Completions does not say which')
      const isLegacy = wantsFunctionCall(context) && calls > 0 && word === 'tool_calls'
      const others: Partial<ChunkChoice> = { finish_reason: isLegacy ? 'function_call' : word }
      if (end === event.finishes[0] && event.extra !== undefined) giveBack(others, { extra: event.extra }, path, report)
      frames += chunk(end.choice, {}, others)
    }
    if (usage !== undefined && context.streamUsage) frames += frame({ choices: [], usage: encodeUsage(usage, report) })
    return `${frames}${encodeSse('[DONE]')}`
  }

  const write: { readonly [Type in StreamEvent['type']]: (event: Extract<StreamEvent, { type: Type }>) => string } = {
    start,
    'part-start': startPart,
    'part-delta': more,
    'part-end': ({ choice, part }) => endPart(choice, part),
    usage(event) {
      usage = event.usage
      return ''
    },
    finish,
    // No end mark after it: the client must not take the answer for whole (trap 10).
    error: ({ error }) => encodeSse(JSON.stringify(encodeEnvelope(error))),
  }

  return {
    // The table's row takes just this type of event, which the compiler cannot see through the union.
    encode: (event) => write[event.type](event as never),
    losses,
  }
}

/** What all chunks begin with, as an object that is not closed yet. */
function writePrefix(head: AnswerHead, members: Record<string, unknown>): string {
  return JSON.stringify({ ...head, object: 'chat.completion.chunk', ...members }).slice(0, -1)
}
