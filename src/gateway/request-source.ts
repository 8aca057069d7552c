/** The client's request: its bytes, what a glance tells, and the decoded form, made once and only when someone asks. */
import type { Codec, Decoded, Glance, WireRequest } from '../../protocols/codec.ts'
import { ApiFailure } from '../../protocols/ir/error.ts'
import type { ChatRequest } from '../../protocols/ir/request.ts'
import { JsonError } from '../../protocols/json/json-error.ts'
import { parseJson } from '../../protocols/json/parse.ts'

export interface RequestSource {
  readonly body: Uint8Array
  readonly glance: Glance
  /** @throws ApiFailure `bad-request` naming what is wrong, each time. */
  decode(): Decoded<ChatRequest>
}

/** @throws ApiFailure `bad-request` when already the glance finds something wrong. */
export function createRequestSource(codec: Codec, wire: WireRequest, body: Uint8Array): RequestSource {
  const glance = codec.request.glance(wire, body)
  let decoded: Decoded<ChatRequest> | undefined
  return {
    body,
    glance,
    decode() {
      decoded ??= codec.request.decode(wire, parseBody(body))
      return decoded
    },
  }
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
