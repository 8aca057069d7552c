/** What an encoder of answers must know of the exchange. */
import type { ReplyContext } from '../../protocols/codec.ts'
import { ApiFailure } from '../../protocols/ir/error.ts'
import type { ChatRequest } from '../../protocols/ir/request.ts'
import { type Exchange, toUnixSeconds } from './exchange.ts'
import type { RequestSource } from './request-source.ts'

/** Mixed text and JSON runs at some four bytes a token. */
const BYTES_PER_TOKEN = 4

/** Reads the decoded request, so that it costs a relayed exchange a parse: only for answers that are not relayed. */
export function createReplyContext(exchange: Exchange, source: RequestSource, now: Date): ReplyContext {
  const { target } = exchange.record
  const request = decodeIfPossible(source)
  return {
    id: exchange.id.replaceAll(/[^A-Za-z0-9_-]/g, ''),
    createdAt: toUnixSeconds(now),
    askedModel: source.glance.model,
    servedModel: target === undefined ? source.glance.model : `${target.provider.name}/${target.model}`,
    streamUsage: request?.streamUsage ?? true,
    ...(request?.spelling === undefined ? {} : { spelling: request.spelling }),
    kept: exchange.codec.stored !== undefined && request?.settings.store !== false,
    ...(request?.previous === undefined ? {} : { previous: request.previous }),
    wire: exchange.wire,
    elapsedMs: () => performance.now() - exchange.startedAt,
    estimatedInputTokens: Math.ceil(source.glance.textBytes / BYTES_PER_TOKEN),
  }
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
