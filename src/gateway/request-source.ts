/** The client's request: its bytes, what a glance tells, and the decoded form, made once and only when someone asks. */
import type { Codec, Decoded, Glance, WireRequest } from '../../protocols/codec.ts'
import { ApiFailure } from '../../protocols/ir/error.ts'
import type { Message } from '../../protocols/ir/message.ts'
import type { ChatRequest } from '../../protocols/ir/request.ts'
import { JsonError } from '../../protocols/json/json-error.ts'
import { parseJson } from '../../protocols/json/parse.ts'

export interface RequestSource {
  readonly body: Uint8Array
  readonly glance: Glance
  /** The request as the client wrote it. @throws ApiFailure `bad-request` naming what is wrong, each time. */
  decode(): Decoded<ChatRequest>
  /**
   * The request with all that it goes on from, instead of the name of an earlier answer.
   *
   * @throws ApiFailure as `decode`, and `not-found` for an answer that is not kept here.
   */
  recall(): Decoded<ChatRequest>
}

/** All messages up to and with an earlier answer. @throws ApiFailure `not-found` */
export type RecallConversation = (id: string) => readonly Message[]

/** @throws ApiFailure `bad-request` when already the glance finds something wrong. */
export function createRequestSource(
  codec: Codec,
  wire: WireRequest,
  body: Uint8Array,
  recallConversation: RecallConversation,
): RequestSource {
  const glance = codec.request.glance(wire, body)
  let decoded: Decoded<ChatRequest> | undefined
  let recalled: Decoded<ChatRequest> | undefined

  function decode(): Decoded<ChatRequest> {
    decoded ??= codec.request.decode(wire, parseBody(body))
    return decoded
  }

  return {
    body,
    glance,
    decode,
    recall() {
      recalled ??= recall(codec, decode(), recallConversation)
      return recalled
    },
  }
}

/** Instructions hold for one request, so they stay in front of what is recalled. */
function recall(codec: Codec, decoded: Decoded<ChatRequest>, conversation: RecallConversation): Decoded<ChatRequest> {
  const { previous, ...request } = decoded.value
  if (previous === undefined || codec.stored === undefined) return decoded
  const { instructions, input } = codec.stored.divide(decoded.value)
  const messages = [...instructions, ...conversation(previous), ...input]
  return { value: { ...request, messages }, losses: decoded.losses }
}

/** @throws ApiFailure `bad-request` with line and column. */
export function parseBody(body: Uint8Array): unknown {
  try {
    return parseJson(body)
  } catch (error) {
    if (!(error instanceof JsonError)) throw error
    throw new ApiFailure(
      { kind: 'bad-request', message: `The body is not valid JSON: ${error.message}`, source: 'proxy' },
      { cause: error },
    )
  }
}
