/** One candidate of a back end's stream, chunk by chunk, told as events. */
import type { PartHead, StreamEvent } from '../ir/event.ts'
import { expectObject, expectString, optional } from '../ir/expect.ts'
import type { Extra, JsonObject } from '../ir/extra.ts'
import type { Finish } from '../ir/finish.ts'
import type { ReportLoss } from '../ir/loss.ts'
import type { Part } from '../ir/part.ts'
import { extraOf, partsOf } from './answer-frame.ts'
import { locateCitation, readCitations } from './citations.ts'
import { decodeFinish } from './finish.ts'
import { PROTOCOL, readNames } from './keep.ts'
import { createPartialArgs, type PartialArgs } from './partial-args.ts'
import { decodePart, type PartReader } from './parts.ts'

export interface ChoiceStream {
  /** @throws ApiFailure `bad-request` where a member is missing or of a wrong type. */
  read(candidate: JsonObject, path: string): void
  /** The bytes are over. */
  end(): void
  readonly finish: Finish | undefined
  readonly sawCall: boolean
  /** What was said beside the content, the latest of each. */
  readonly extra: Extra | undefined
}

/** A call whose arguments come piece by piece (Q69). */
interface OpenCall {
  readonly part: number
  readonly args: PartialArgs
}

export function createChoiceStream(
  choice: number,
  reader: PartReader,
  emit: (event: StreamEvent) => void,
  report: ReportLoss,
): ChoiceStream {
  let nextPart = 0
  /** Running text: the part that is open, and whether it is thought. */
  let running: { readonly part: number; readonly isThought: boolean } | undefined
  let lastText: number | undefined
  /** What it says so far. */
  let said = ''
  let call: OpenCall | undefined
  let finish: Finish | undefined
  let sawCall = false
  let extra: Extra | undefined
  let citationCount = 0

  function start(head: PartHead): number {
    running = undefined
    const part = nextPart++
    emit({ type: 'part-start', part, choice, head })
    return part
  }

  /** A signed piece is a part of its own: signatures are never joined, nor moved to another text (trap 93). */
  function readText(part: Extract<Part, { type: 'text' | 'reasoning' }>): void {
    const { text, signature, issuer } = part
    // The last chunk often has an empty one, which says nothing (Q70).
    if (text === '' && signature === undefined) return
    const isThought = part.type === 'reasoning'
    if (running?.isThought !== isThought || signature !== undefined) {
      const head: PartHead = isThought ? { type: 'reasoning', issuer: reader.issuer } : { type: 'text' }
      running = { part: start(head), isThought }
    }
    if (!isThought) {
      said = lastText === running.part ? said + text : text
      lastText = running.part
    }
    const place = { part: running.part, choice }
    if (signature === undefined) {
      emit({ type: 'part-delta', ...place, delta: { text } })
      return
    }
    const proof = issuer === undefined ? { signature } : { signature, issuer }
    emit({ type: 'part-delta', ...place, delta: text === '' ? proof : { text, ...proof } })
    running = undefined
  }

  function readWhole(part: Part, path: string): void {
    switch (part.type) {
      case 'text':
      case 'reasoning':
        if (part.extra !== undefined) report(path, 'what stands beside a piece of text has no place in a stream')
        readText(part)
        return
      case 'tool-call': {
        const { id: _id, name, arguments: args, signature, issuer, extra: own } = part
        const id = part.spelling?.form.split(' ').includes('no-id') === true ? '' : part.id
        const at = startCall({ type: 'tool-call', id, name, ...(own === undefined ? {} : { extra: own }) })
        emit({ type: 'part-delta', part: at, choice, delta: { arguments: args, ...proofOf(signature, issuer) } })
        emit({ type: 'part-end', part: at, choice })
        return
      }
      case 'image':
      case 'audio':
      case 'file':
      case 'opaque':
        start({ type: 'whole', part })
        return
      case 'tool-result':
      case 'refusal':
        report(path, 'no part of an answer')
    }
  }

  function startCall(head: PartHead): number {
    sawCall = true
    return start(head)
  }

  /** @returns whether this was a piece of a call that comes in several. */
  function readPiece(fields: JsonObject, path: string): boolean {
    const value = fields.functionCall
    if (value === undefined || value === null) return false
    const piece = readNames(expectObject(value, `${path}.functionCall`))
    const isFirst = call === undefined && piece.willContinue === true
    if (call === undefined && !isFirst) return false
    if (call !== undefined && piece.name !== undefined) endCall()
    call ??= openCall(fields, piece, path)
    if (piece.partialArgs !== undefined && piece.partialArgs !== null)
      call.args.push(piece.partialArgs, `${path}.functionCall.partialArgs`)
    if (piece.willContinue !== true) endCall()
    return true
  }

  function openCall(fields: JsonObject, piece: JsonObject, path: string): OpenCall {
    const name = expectString(piece.name, `${path}.functionCall.name`)
    const id = optional(piece.id, `${path}.functionCall.id`, expectString) ?? ''
    const part = startCall({ type: 'tool-call', id, name })
    const signature = optional(fields.thoughtSignature, `${path}.thoughtSignature`, expectString)
    if (signature !== undefined) emit({ type: 'part-delta', part, choice, delta: { signature, issuer: reader.issuer } })
    return { part, args: createPartialArgs() }
  }

  function endCall(): void {
    if (call === undefined) return
    const { part, args } = call
    call = undefined
    emit({ type: 'part-delta', part, choice, delta: { arguments: args.json() } })
    emit({ type: 'part-end', part, choice })
  }

  function readPart(value: unknown, path: string): void {
    if (typeof value === 'object' && value !== null && readPiece(readNames(value as JsonObject), path)) return
    readWhole(decodePart(value, path, reader), path)
  }

  /** Sources are told again with each chunk, more each time. */
  function tellCitations(candidate: JsonObject): void {
    const citations = readCitations(candidate)
    if (lastText === undefined) return
    for (const placed of citations.slice(citationCount))
      emit({ type: 'part-delta', part: lastText, choice, delta: { citation: locateCitation(placed, said) } })
    citationCount = Math.max(citationCount, citations.length)
  }

  return {
    read(candidate, path) {
      for (const [index, part] of partsOf(candidate, path).entries()) readPart(part, `${path}.content.parts.${index}`)
      const more = extraOf(candidate)
      if (more !== undefined) {
        extra = { protocol: PROTOCOL, fields: { ...extra?.fields, ...more.fields } }
        tellCitations(candidate)
      }
      if (candidate.logprobsResult !== undefined) {
        const part = running?.part ?? lastText
        const logprobs = { protocol: PROTOCOL, value: candidate.logprobsResult }
        if (part === undefined) report(`choices.${choice}.logprobs`, 'log probabilities of no text')
        else emit({ type: 'part-delta', part, choice, delta: { logprobs } })
      }
      finish = decodeFinish(candidate.finishReason) ?? finish
    },
    end() {
      if (call === undefined) return
      const { part, args } = call
      call = undefined
      // Not to be run: without its last brace everybody sees that it was cut.
      emit({ type: 'part-delta', part, choice, delta: { arguments: args.json().slice(0, -1) } })
    },
    get finish() {
      return finish
    },
    get sawCall() {
      return sawCall
    },
    get extra() {
      return extra
    },
  }
}

function proofOf(signature: string | undefined, issuer: string | undefined) {
  if (signature === undefined) return {}
  return issuer === undefined ? { signature } : { signature, issuer }
}
