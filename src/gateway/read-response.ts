/** Reads an answer of a back end as a whole answer of the interlingua, however it came. */
import type { AnswerContext, Codec } from '../../protocols/codec.ts'
import { EMPTY_ANSWER, saysNothing } from '../../protocols/ir/empty-answer.ts'
import { ApiFailure } from '../../protocols/ir/error.ts'
import type { Loss } from '../../protocols/ir/loss.ts'
import type { ChatResponse } from '../../protocols/ir/response.ts'
import { JsonError } from '../../protocols/json/json-error.ts'
import { parseJson } from '../../protocols/json/parse.ts'
import type { UpstreamBody } from '../upstream/upstream.ts'
import { readBytes } from './read-bytes.ts'

/** More than any answer that a model can write, pictures and sound included. */
export const ANSWER_LIMIT_BYTES = 64 * 1024 * 1024

export interface ReadResponse {
  readonly response: ChatResponse
  readonly losses: readonly Loss[]
}

/** @throws ApiFailure `upstream-failed` for bytes that are no answer, or what the answer itself tells as its error. */
export async function readWhole(body: UpstreamBody, codec: Codec, context: AnswerContext): Promise<ReadResponse> {
  const bytes = await readBytes(body, { bytes: ANSWER_LIMIT_BYTES, beyond: 'refuse' })
  const decoded = codec.response.decode(parseAnswer(bytes), context)
  if (saysNothing(decoded.value)) throw new ApiFailure(EMPTY_ANSWER)
  return { response: decoded.value, losses: decoded.losses }
}

/** @throws ApiFailure `upstream-failed` for bytes that are no JSON. */
export function parseAnswer(bytes: Uint8Array): unknown {
  try {
    return parseJson(bytes)
  } catch (error) {
    if (!(error instanceof JsonError)) throw error
    throw new ApiFailure(
      {
        kind: 'upstream-failed',
        message: `The provider's answer is not valid JSON: ${error.message}`,
        source: 'provider',
      },
      { cause: error },
    )
  }
}
