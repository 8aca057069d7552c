import type { JsonObject } from '../ir/extra.ts'

/** The answer to a question how many tokens an input has (trap 145). */
export function encodeTokenCount(inputTokens: number): JsonObject {
  return { object: 'response.input_tokens', input_tokens: inputTokens }
}
