import type { JsonObject } from '../ir/extra.ts'

/** The answer of `/v1/messages/count_tokens`. */
export function encodeTokenCount(inputTokens: number): JsonObject {
  return { input_tokens: inputTokens }
}
