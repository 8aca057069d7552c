import type { JsonObject } from '../ir/extra.ts'

/** The answer of `:countTokens`. */
export function encodeTokenCount(inputTokens: number): JsonObject {
  return { totalTokens: inputTokens }
}
