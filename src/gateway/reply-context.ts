/** What an encoder of answers must know of the exchange. */
import type { ReplyContext } from '../../protocols/codec.ts'
import { ApiFailure } from '../../protocols/ir/error.ts'
import type { ChatRequest } from '../../protocols/ir/request.ts'
import type { Target } from '../providers/target.ts'
import { type Exchange, toUnixSeconds } from './exchange.ts'
import type { GatewayContext, ResponseModel } from './gateway-context.ts'
import type { RequestSource } from './request-source.ts'

/** Mixed text and JSON runs at some four bytes a token. */
const BYTES_PER_TOKEN = 4

/** Reads the decoded request, so that it costs a relayed exchange a parse: only for answers that are not relayed. */
export function createReplyContext(
  exchange: Exchange,
  source: RequestSource,
  { now, responseModel }: Pick<GatewayContext, 'now' | 'responseModel'>,
): ReplyContext {
  const { target } = exchange.record
  const request = decodeIfPossible(source)
  return {
    id: exchange.id.replaceAll(/[^A-Za-z0-9_-]/g, ''),
    createdAt: toUnixSeconds(now()),
    ...nameModel(source.glance.model, target, responseModel),
    streamUsage: request?.streamUsage ?? true,
    ...(request === undefined ? {} : { request }),
    ...(request?.spelling === undefined ? {} : { spelling: request.spelling }),
    kept: exchange.codec.stored !== undefined && request?.settings.store !== false,
    ...(request?.previous === undefined ? {} : { previous: request.previous }),
    wire: exchange.wire,
    elapsedMs: () => performance.now() - exchange.startedAt,
    estimatedInputTokens: Math.ceil(source.glance.textBytes / BYTES_PER_TOKEN),
  }
}

/** Encoders choose between the two names, unless the configuration has chosen for all of them. */
function nameModel(
  asked: string,
  target: Target | undefined,
  wanted: ResponseModel | undefined,
): Pick<ReplyContext, 'askedModel' | 'servedModel'> {
  const served = target === undefined ? asked : `${target.provider.name}/${target.model}`
  if (wanted === undefined) return { askedModel: asked, servedModel: served }
  const names = { 'provider/model': served, upstream: target?.model ?? asked, requested: asked }
  return { askedModel: names[wanted], servedModel: names[wanted] }
}

/** A relayed request may be one that only its back end understands; an error must be told all the same. */
function decodeIfPossible(source: RequestSource): ChatRequest | undefined {
  try {
    return source.decode().value
  } catch (error) {
    if (error instanceof ApiFailure) return undefined
    throw error
  }
}
