/** What a whole answer and the chunks of a stream share: id, model, and the members beside the candidates. */
import type { ReplyContext } from '../codec.ts'
import { expectArray, expectObject, expectString, optional } from '../ir/expect.ts'
import { collectExtra, type Extra, type JsonObject } from '../ir/extra.ts'
import type { Finish } from '../ir/finish.ts'
import { decodeBlock } from './finish.ts'
import { PROTOCOL, readNames } from './keep.ts'

const ANSWER = new Set(['candidates', 'usageMetadata', 'modelVersion', 'responseId'])
const CANDIDATE = new Set(['content', 'finishReason', 'index', 'logprobsResult'])

export interface ReadFrame {
  readonly id: string
  readonly model: string
  readonly createdAt?: number
  readonly candidates: readonly JsonObject[]
  /** The prompt was refused, and there is no candidate. */
  readonly block?: Finish
  readonly usage: unknown
  readonly extra?: Extra
}

/** @throws ApiFailure `bad-request` where a member is of a wrong type. */
export function decodeFrame(body: JsonObject): ReadFrame {
  const fields = readNames(body)
  const candidates = optional(fields.candidates, 'candidates', expectArray) ?? []
  const feedback = optional(fields.promptFeedback, 'promptFeedback', expectObject)
  const reason = feedback === undefined ? undefined : readNames(feedback).blockReason
  const createdAt = Date.parse(optional(fields.createTime, 'createTime', expectString) ?? '')
  const extra = collectExtra(fields, ANSWER, PROTOCOL)
  return {
    id: optional(fields.responseId, 'responseId', expectString) ?? '',
    model: optional(fields.modelVersion, 'modelVersion', expectString) ?? '',
    ...(Number.isNaN(createdAt) ? {} : { createdAt: Math.floor(createdAt / 1000) }),
    candidates: candidates.map((one, index) => readNames(expectObject(one, `candidates.${index}`))),
    ...(reason === undefined || candidates.length > 0 ? {} : { block: decodeBlock(reason) }),
    usage: fields.usageMetadata ?? undefined,
    ...(extra === undefined ? {} : { extra }),
  }
}

/** Its parts; some candidates have no content, and some content no parts (Q70). */
export function partsOf(candidate: JsonObject, path: string): readonly unknown[] {
  const content = optional(candidate.content, `${path}.content`, expectObject)
  const parts = content?.parts ?? undefined
  return parts === undefined ? [] : Array.isArray(parts) ? parts : [parts]
}

/** What a candidate says beside content, index and end. */
export function extraOf(candidate: JsonObject): Extra | undefined {
  return collectExtra(candidate, CANDIDATE, PROTOCOL)
}

/** Often left out (Q73). */
export function indexOf(candidate: JsonObject, position: number): number {
  return typeof candidate.index === 'number' ? candidate.index : position
}

/** What every answer and chunk says of itself; the model is the one that was asked for. */
export function writeFrame(id: string, context: ReplyContext) {
  return { modelVersion: context.askedModel, responseId: id === '' ? context.id : id }
}
