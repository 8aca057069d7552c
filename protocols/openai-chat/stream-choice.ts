/** The deltas of one candidate answer, read into parts. */
import type { StreamEvent } from '../ir/event.ts'
import type { JsonObject } from '../ir/extra.ts'
import type { AudioPart } from '../ir/part.ts'
import { createThinkTagSplitter } from '../ir/think-tag.ts'
import { readAnswerImage } from './assistant.ts'
import { readArguments } from './calls.ts'
import { decodeCitation } from './citations.ts'
import type { Said } from './finish.ts'
import { decodeDetail } from './reasoning.ts'
import { createRest, PROTOCOL } from './rest.ts'
import { createCallTable } from './stream-calls.ts'

export interface ChoiceReader {
  /** Takes one delta. @param logprobs of the text in it. */
  read(delta: JsonObject, logprobs: JsonObject | undefined): void
  /** Nothing more comes: hands out what was held back. */
  end(): void
  readonly said: Said
}

type Running = 'text' | 'reasoning' | 'refusal'

/** @param emit hears of parts numbered in the order in which they begin. */
export function createChoiceReader(choice: number, emit: (event: StreamEvent) => void): ChoiceReader {
  const calls = createCallTable()
  let parts = 0
  let running: { readonly type: Running; readonly part: number } | undefined
  /** The thought that plain members tell, so far. */
  let told = { part: -1, text: '' }
  let legacy: number | undefined
  let sawCall = false
  let sawRefusal = false
  let audio: { data: string; transcript: string; rest: JsonObject } | undefined
  const splitter = createThinkTagSplitter(({ type, text }) => say(type, text))

  /** The part of this kind that runs; a new one where something else ran or nothing. */
  function partOf(type: Running): number {
    if (running?.type === type) return running.part
    endRunning()
    running = { type, part: parts++ }
    emit({ type: 'part-start', part: running.part, choice, head: { type } })
    return running.part
  }

  function endRunning(): void {
    if (running !== undefined) emit({ type: 'part-end', part: running.part, choice })
    running = undefined
  }

  function say(type: Running, text: string): void {
    emit({ type: 'part-delta', part: partOf(type), choice, delta: { text } })
  }

  function readText(content: unknown): void {
    if (typeof content === 'string') {
      if (content !== '') splitter.push(content)
    } else if (Array.isArray(content)) {
      for (const piece of content) readPiece(piece)
    }
  }

  /** Mistral streams lists of parts where it thinks. */
  function readPiece(piece: unknown): void {
    if (!isObject(piece)) return
    if (typeof piece.text === 'string' && piece.text !== '') splitter.push(piece.text)
    const thoughts = Array.isArray(piece.thinking) ? piece.thinking : []
    for (const thought of thoughts) {
      if (isObject(thought) && typeof thought.text === 'string' && thought.text !== '') say('reasoning', thought.text)
    }
  }

  function readThoughts(delta: JsonObject): void {
    const plain = [delta.reasoning_content, delta.reasoning].find((text) => typeof text === 'string' && text !== '')
    if (typeof plain === 'string') {
      const part = partOf('reasoning')
      told = told.part === part ? { part, text: told.text + plain } : { part, text: plain }
      say('reasoning', plain)
    }
    for (const [index, value] of (Array.isArray(delta.reasoning_details) ? delta.reasoning_details : []).entries()) {
      readDetail(value, index, plain !== undefined)
    }
  }

  function readDetail(value: unknown, index: number, isTextTold: boolean): void {
    const detail = decodeDetail(value, `reasoning_details.${index}`)
    if (detail.type !== 'reasoning') return
    const issuer = detail.issuer === undefined ? {} : { issuer: detail.issuer }
    if (detail.encrypted !== undefined) {
      const call = detail.id === undefined ? undefined : calls.find({ index: undefined, id: detail.id, name: '' })
      if (call !== undefined) {
        emit({ type: 'part-delta', part: call.part, choice, delta: { signature: detail.encrypted, ...issuer } })
        return
      }
      // A thought of its own: what can be read and what only its issuer can are told apart.
      endRunning()
      const id = detail.id === undefined ? {} : { id: detail.id }
      const part = parts++
      const { encrypted } = detail
      emit({ type: 'part-start', part, choice, head: { type: 'reasoning', encrypted, ...issuer, ...id } })
      emit({ type: 'part-end', part, choice })
      return
    }
    // A proof may come at the end with the whole thought, which was told in pieces before.
    const isRepeated = detail.signature !== undefined && running?.part === told.part && detail.text === told.text
    if (!isTextTold && !isRepeated && detail.text !== '') say('reasoning', detail.text)
    if (detail.signature === undefined) return
    emit({ type: 'part-delta', part: partOf('reasoning'), choice, delta: { signature: detail.signature, ...issuer } })
  }

  function readCall(value: unknown): void {
    if (!isObject(value)) return
    const isFreeform = value.type === 'custom' || (isObject(value.custom) && !isObject(value.function))
    const body = isFreeform ? value.custom : value.function
    const bodyTold = isObject(body) ? body : {}
    const index = Number.isSafeInteger(value.index) && Number(value.index) >= 0 ? Number(value.index) : undefined
    const piece = { index, id: textOf(value.id), name: textOf(bodyTold.name) }
    const args = isFreeform ? textOf(bodyTold.input) : argumentsOf(bodyTold.arguments)
    const known = calls.find(piece)
    const call = known ?? calls.add(piece, parts)
    if (known === undefined) {
      begin(piece.id, piece.name, isFreeform)
    } else {
      const late = {
        ...(known.id === '' && piece.id !== '' ? { id: piece.id } : {}),
        ...(known.name === '' && piece.name !== '' ? { name: piece.name } : {}),
      }
      if ('id' in late) known.id = piece.id
      if ('name' in late) known.name = piece.name
      if (Object.keys(late).length > 0) emit({ type: 'part-delta', part: known.part, choice, delta: late })
    }
    if (args === '') return
    call.hasArguments = true
    emit({ type: 'part-delta', part: call.part, choice, delta: { arguments: args } })
  }

  function begin(id: string, name: string, isFreeform: boolean): number {
    endRunning()
    sawCall = true
    const part = parts++
    const head = { type: 'tool-call', id, name, ...(isFreeform ? { freeform: true } : {}) } as const
    emit({ type: 'part-start', part, choice, head })
    return part
  }

  /** The one call of old has no id and no number. */
  function readFunctionCall(call: JsonObject): void {
    const name = textOf(call.name)
    const args = argumentsOf(call.arguments)
    if (name === '' && args === '') return
    legacy ??= begin('', name, false)
    if (args !== '') emit({ type: 'part-delta', part: legacy, choice, delta: { arguments: args } })
  }

  function readAudio(piece: JsonObject): void {
    audio ??= { data: '', transcript: '', rest: {} }
    const { data, transcript, ...rest } = piece
    audio.data += textOf(data)
    audio.transcript += textOf(transcript)
    audio.rest = { ...audio.rest, ...rest }
  }

  function tellAudio(): void {
    if (audio === undefined || audio.data === '') return
    endRunning()
    const rest = createRest()
    rest.take(audio.rest, new Set())
    const part: AudioPart = {
      type: 'audio',
      source: { type: 'base64', mediaType: 'audio/*', data: audio.data },
      ...(audio.transcript === '' ? {} : { transcript: audio.transcript }),
      ...rest.kept(),
    }
    audio = undefined
    emit({ type: 'part-start', part: parts++, choice, head: { type: 'whole', part } })
  }

  function readImages(images: readonly unknown[]): void {
    for (const [index, image] of images.entries()) {
      const part = readAnswerImage(image, `images.${index}`)
      if (part.type === 'image') emit({ type: 'part-start', part: parts++, choice, head: { type: 'whole', part } })
    }
  }

  return {
    read(delta, logprobs) {
      readThoughts(delta)
      readText(delta.content)
      if (typeof delta.refusal === 'string' && delta.refusal !== '') {
        sawRefusal = true
        say('refusal', delta.refusal)
      }
      if (logprobs !== undefined) {
        const piece = { logprobs: { protocol: PROTOCOL, value: logprobs } }
        emit({ type: 'part-delta', part: partOf(running?.type ?? 'text'), choice, delta: piece })
      }
      if (Array.isArray(delta.annotations)) {
        for (const annotation of delta.annotations) {
          emit({ type: 'part-delta', part: partOf('text'), choice, delta: { citation: decodeCitation(annotation) } })
        }
      }
      if (Array.isArray(delta.images)) readImages(delta.images)
      if (isObject(delta.audio)) readAudio(delta.audio)
      if (Array.isArray(delta.tool_calls)) for (const call of delta.tool_calls) readCall(call)
      if (isObject(delta.function_call)) readFunctionCall(delta.function_call)
    },
    end() {
      splitter.end()
      tellAudio()
      endRunning()
    },
    get said() {
      return { calls: sawCall, refusal: sawRefusal }
    },
  }
}

/** Arguments in pieces are text, whole ones perhaps the object itself; what is neither is nothing. */
function argumentsOf(value: unknown): string {
  return typeof value === 'string' ? value : isObject(value) ? readArguments(value, 'arguments') : ''
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
