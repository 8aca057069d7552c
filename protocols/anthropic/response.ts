/** A whole answer, read from a back end and written for a client. */
import type { AnswerContext, Decoded, Encoded, ReplyContext } from '../codec.ts'
import { ApiFailure } from '../ir/error.ts'
import { blameUpstream, expectArray, expectObject, expectString, optional } from '../ir/expect.ts'
import { ownFields } from '../ir/extra.ts'
import { listLosses, type ReportLoss } from '../ir/loss.ts'
import type { ChatResponse, Choice } from '../ir/response.ts'
import type { Usage } from '../ir/usage.ts'
import { scanObject } from '../json/scan.ts'
import { readValue } from '../json/span.ts'
import { decodeFrame, encodeId } from './answer-frame.ts'
import { decodeEnvelope } from './error.ts'
import { PROTOCOL } from './keep.ts'
import { backEndReader, decodeBlock } from './parts.ts'
import { writeReplyPart } from './reply.ts'
import { decodeFinish, decodeUsage, encodeStopReason, encodeUsage } from './usage.ts'
import type { Block, WireAnswer } from './wire.ts'

/** @throws ApiFailure of the kind that the back end tells, or `upstream-failed` when this is no answer. */
export function decodeResponse(body: unknown, { facts }: AnswerContext): Decoded<ChatResponse> {
  const fields = blameUpstream(() => expectObject(body, 'body'))
  // Some proxies say 200 and mean an error.
  if (fields.type === 'error' || (fields.error !== undefined && fields.content === undefined)) {
    throw new ApiFailure(decodeEnvelope(fields, undefined))
  }
  return blameUpstream(() => {
    const content = expectArray(fields.content, 'content')
    const stopReason = optional(fields.stop_reason, 'stop_reason', expectString)
    const stopSequence = optional(fields.stop_sequence, 'stop_sequence', expectString)
    const usage = optional(fields.usage, 'usage', decodeUsage)
    const { endExtra, ...frame } = decodeFrame(fields, '')
    const choice: Choice = {
      index: 0,
      parts: content.map((block, index) => decodeBlock(block, `content.${index}`, backEndReader(facts))),
      finish: decodeFinish(stopReason, stopSequence),
      ...(endExtra === undefined ? {} : { extra: endExtra }),
    }
    return { value: { ...frame, choices: [choice], ...(usage === undefined ? {} : { usage }) }, losses: [] }
  })
}

export function encodeResponse(response: ChatResponse, context: ReplyContext): Encoded {
  const { losses, report } = listLosses()
  const [choice, ...others] = response.choices
  for (const other of others) report(`choices.${other.index}`, 'the Messages API gives one answer')
  if (choice?.logprobs !== undefined) report('choices.0.logprobs', 'the Messages API tells no log probabilities')
  const answer: WireAnswer = {
    id: encodeId(response.id, context.id),
    type: 'message',
    role: 'assistant',
    model: context.servedModel,
    content: choice === undefined ? [] : encodeContent(choice, report),
    stop_reason: choice === undefined ? 'end_turn' : encodeStopReason(sayRefusal(choice)),
    stop_sequence: choice?.finish.stopSequence ?? null,
    usage: encodeUsage(response.usage, context.estimatedInputTokens, report),
  }
  if (response.serviceTier !== undefined) report('serviceTier', 'the tiers of this API are others')
  const extra = {
    ...ownFields(response.extra, PROTOCOL, '', report),
    ...ownFields(choice?.extra, PROTOCOL, 'choices.0', report),
  }
  return { body: { ...answer, ...extra }, losses }
}

/** A model that refuses in words says so in its stop reason here. */
function sayRefusal(choice: Choice): Choice['finish'] {
  const refused = choice.finish.reason === 'stop' && choice.parts.some((part) => part.type === 'refusal')
  return refused ? { reason: 'refusal' } : choice.finish
}

function encodeContent(choice: Choice, report: ReportLoss): Block[] {
  return choice.parts.flatMap((part, index) => {
    const path = `choices.0.parts.${index}`
    if (choice.finish.reason === 'length' && part.type === 'tool-call' && !isComplete(part.arguments)) {
      // A client would run it (trap 143).
      report(path, 'the answer was cut in the middle of this tool call')
      return []
    }
    return writeReplyPart(part, path, report) ?? []
  })
}

function isComplete(json: string): boolean {
  try {
    JSON.parse(json)
    return true
  } catch {
    return false
  }
}

/** Counters of an answer that is relayed. Never throws. */
export function readUsage(body: Uint8Array): Usage | undefined {
  try {
    const span = scanObject(body).last('usage')
    const usage: unknown = span === undefined ? undefined : readValue(body, span)
    return usage === undefined ? undefined : decodeUsage(usage, 'usage')
  } catch {
    return undefined
  }
}
