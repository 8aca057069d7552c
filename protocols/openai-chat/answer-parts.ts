/** Pieces of an answer that are written the same way in a whole message and in a delta. */
import type { ReplyContext } from '../codec.ts'
import { type Extra, ownFields } from '../ir/extra.ts'
import type { ReportLoss } from '../ir/loss.ts'
import type { AudioPart, FilePart, ImagePart, OpaquePart } from '../ir/part.ts'
import { encodePart } from './parts.ts'
import { isDetail } from './reasoning.ts'
import { isSpelled, LEGACY_CLIENT, ownMember, PROTOCOL } from './rest.ts'
import type { AnswerPieces, ReasoningDetail } from './wire.ts'

/** Only these are tiers of Chat Completions; the answers of its copies and of other protocols know others. */
const TIERS: readonly string[] = ['auto', 'default', 'flex', 'scale', 'priority', 'fast']

/** What every answer and every chunk begins with. */
export interface AnswerHead {
  readonly id: string
  readonly created: number
  readonly model: string
  readonly service_tier?: string
}

interface ToldHead {
  readonly id?: string
  readonly createdAt?: number
  readonly serviceTier?: string
}

export function encodeHead(told: ToldHead, context: ReplyContext, report: ReportLoss): AnswerHead {
  const isUsable = told.id !== undefined && /^[\w.:-]{1,200}$/.test(told.id)
  const created = Math.floor(told.createdAt ?? 0)
  const tier = told.serviceTier
  if (tier !== undefined && !TIERS.includes(tier)) report('serviceTier', `Chat Completions has no tier "${tier}"`)
  return {
    id: isUsable ? (told.id ?? '') : `chatcmpl-${context.id}`,
    created: created > 0 ? created : context.createdAt,
    model: context.askedModel,
    ...(tier !== undefined && TIERS.includes(tier) ? { service_tier: tier } : {}),
  }
}

/** The client declared functions and no tools. */
export function wantsFunctionCall(context: ReplyContext): boolean {
  return context.spelling !== undefined && isSpelled({ spelling: context.spelling }, LEGACY_CLIENT)
}

/** Adds a part that is no text to the message; pictures as OpenRouter has them. */
export function addWholePart(
  wire: AnswerPieces,
  part: ImagePart | AudioPart | FilePart | OpaquePart,
  path: string,
  head: AnswerHead,
  report: ReportLoss,
): void {
  switch (part.type) {
    case 'image': {
      const image = encodePart(part, path, { facts: {}, report })
      if (image !== undefined) wire.images = [...(wire.images ?? []), image]
      return
    }
    case 'audio':
      addAudio(wire, part, path, head, report)
      return
    case 'opaque':
      // It is one of a list of thoughts: this codec made it so.
      if (isDetail(part)) wire.reasoning_details = [...(wire.reasoning_details ?? []), part.value as ReasoningDetail]
      else report(path, `only ${part.protocol} has such a block`)
      return
    case 'file':
      report(path, 'an answer holds no files here')
  }
}

/** For how long a sound can be named by its id where its maker did not say. */
const AUDIO_SECONDS = 3_600

function addAudio(wire: AnswerPieces, part: AudioPart, path: string, head: AnswerHead, report: ReportLoss): void {
  if (part.source.type !== 'base64' || wire.audio !== undefined) {
    report(path, 'an answer holds one sound here, as bytes')
    return
  }
  ownFields(part.extra, PROTOCOL, path, report)
  wire.audio = {
    id: ownText(part.extra, 'id') ?? `audio-${head.id}`,
    data: part.source.data,
    transcript: part.transcript ?? '',
    expires_at: ownMember(part.extra, 'expires_at') ?? head.created + AUDIO_SECONDS,
  }
}

function ownText(extra: Extra | undefined, name: string): string | undefined {
  const value = ownMember(extra, name)
  return typeof value === 'string' ? value : undefined
}
