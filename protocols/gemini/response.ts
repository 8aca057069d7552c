/** A whole answer, read from a back end and written for a client. */
import type { AnswerContext, Decoded, Encoded, ReplyContext } from '../codec.ts'
import { ApiFailure } from '../ir/error.ts'
import { blameUpstream, expectObject } from '../ir/expect.ts'
import { type JsonObject, ownFields } from '../ir/extra.ts'
import type { Finish } from '../ir/finish.ts'
import { listLosses, type ReportLoss } from '../ir/loss.ts'
import type { ChatResponse, Choice } from '../ir/response.ts'
import type { Usage } from '../ir/usage.ts'
import { scanObject } from '../json/scan.ts'
import { readValue } from '../json/span.ts'
import { decodeFrame, extraOf, indexOf, partsOf, writeFrame } from './answer-frame.ts'
import { createGroundingWriter, placeCitations, readCitations } from './citations.ts'
import { decodeEnvelope } from './error.ts'
import { blockOf, decodeFinish, encodeFinish } from './finish.ts'
import { PROTOCOL } from './keep.ts'
import { decodePart, type PartReader } from './parts.ts'
import { isComplete, writeReplyPart } from './reply.ts'
import { decodeUsage, encodeUsage } from './usage.ts'
import type { Candidate, GenerateContentResponse, WirePart } from './wire.ts'

/** @throws ApiFailure of the kind that the back end tells, or `upstream-failed` when this is no answer. */
export function decodeResponse(body: unknown, { facts }: AnswerContext): Decoded<ChatResponse> {
  const fields = blameUpstream(() => expectObject(body, 'body'))
  if (fields.error !== undefined && fields.candidates === undefined)
    throw new ApiFailure(decodeEnvelope(fields, undefined))
  return blameUpstream(() => {
    const { candidates, block, usage, ...frame } = decodeFrame(fields)
    if (candidates.length === 0 && block === undefined && usage === undefined) expectObject(undefined, 'candidates')
    const reader = createAnswerReader(facts.issuer, frame.id)
    const choices = candidates.map((candidate, index) => decodeCandidate(candidate, index, reader))
    const blocked: Choice = { index: 0, parts: [], finish: block ?? { reason: 'stop' } }
    return {
      value: {
        ...frame,
        choices: choices.length === 0 ? [blocked] : choices.toSorted((one, other) => one.index - other.index),
        ...(usage === undefined ? {} : { usage: decodeUsage(usage, 'usageMetadata') }),
      },
      losses: [],
    }
  })
}

/** How the parts of a back end are read. @param answerId makes the ids of calls that it does not name (trap 44). */
export function createAnswerReader(issuer: string | undefined, answerId: string): PartReader {
  let count = 0
  return {
    issuer: issuer ?? PROTOCOL,
    idOfCall: (name, id) => id ?? `call_${(answerId || name).replace(/[^a-zA-Z0-9_-]/g, '_')}_${count++}`,
  }
}

function decodeCandidate(candidate: JsonObject, position: number, reader: PartReader): Choice {
  const path = `candidates.${position}`
  const parts = partsOf(candidate, path).map((part, index) =>
    decodePart(part, `${path}.content.parts.${index}`, reader),
  )
  const extra = extraOf(candidate)
  const finish = decodeFinish(candidate.finishReason) ?? { reason: 'stop' as const }
  const called = parts.some((part) => part.type === 'tool-call')
  return {
    index: indexOf(candidate, position),
    parts: placeCitations(parts, readCitations(candidate)),
    // A call finishes with STOP as well (Q65, traps 39, 40).
    finish: finish.reason === 'stop' && called ? { ...finish, reason: 'tool-calls' } : finish,
    ...(candidate.logprobsResult === undefined
      ? {}
      : { logprobs: { protocol: PROTOCOL, value: candidate.logprobsResult } }),
    ...(extra === undefined ? {} : { extra }),
  }
}

export function encodeResponse(response: ChatResponse, context: ReplyContext): Encoded {
  const { losses, report } = listLosses()
  const [first] = response.choices
  const block = first === undefined ? undefined : blockOf(first.finish)
  const feedback = block === undefined ? {} : { promptFeedback: { blockReason: block } }
  const answer: GenerateContentResponse = {
    ...(block === undefined
      ? { candidates: response.choices.map((choice) => encodeCandidate(choice, report)) }
      : feedback),
    ...(response.usage === undefined ? {} : { usageMetadata: encodeUsage(response.usage, report) }),
    ...writeFrame(response.id, context),
    ...ownFields(response.extra, PROTOCOL, '', report),
  }
  if (response.serviceTier !== undefined) report('serviceTier', 'the tiers of this API are others')
  return { body: answer, losses }
}

function encodeCandidate(choice: Choice, report: ReportLoss): Candidate {
  const { index, finish, logprobs } = choice
  const path = `choices.${index}`
  const grounding = createGroundingWriter(report)
  const parts: WirePart[] = []
  for (const [at, part] of choice.parts.entries()) {
    const place = `${path}.parts.${at}`
    if (finish.reason === 'length' && part.type === 'tool-call' && !isComplete(part.arguments)) {
      report(place, 'the answer was cut in the middle of this tool call')
      continue
    }
    const wire = writeReplyPart(part, place, report)
    if (wire !== undefined) parts.push(wire)
    if (part.type === 'text')
      for (const one of part.citations ?? []) grounding.add(one, Math.max(0, parts.length - 1), part.text, place)
  }
  const groundingMetadata = grounding.metadata()
  if (logprobs !== undefined && logprobs.protocol !== PROTOCOL)
    report(`${path}.logprobs`, 'log probabilities have a form of their own here')
  return {
    content: { parts, role: 'model' },
    finishReason: tellFinish(finish, path, report),
    index,
    ...(logprobs?.protocol === PROTOCOL ? { logprobsResult: logprobs.value } : {}),
    ...(groundingMetadata === undefined ? {} : { groundingMetadata }),
    ...ownFields(choice.extra, PROTOCOL, path, report),
  }
}

/** The word for an end, and what the API has no word for. */
export function tellFinish(finish: Finish, path: string, report: ReportLoss): string {
  if (finish.stopSequence !== undefined)
    report(`${path}.finish.stopSequence`, 'the API does not tell which text stopped it')
  if (finish.reason === 'pause') report(`${path}.finish`, 'the API has no pauses: it is told as an end', 'changed')
  return encodeFinish(finish)
}

/** Counters of an answer that is relayed. Never throws. */
export function readUsage(body: Uint8Array): Usage | undefined {
  try {
    const members = scanObject(body)
    const span = members.last('usageMetadata') ?? members.last('usage_metadata')
    return span === undefined ? undefined : decodeUsage(readValue(body, span), 'usageMetadata')
  } catch {
    return undefined
  }
}
