/** Items of an answer, read as parts. */
import type { AnswerContext } from '../codec.ts'
import type { JsonObject } from '../ir/extra.ts'
import type { Part } from '../ir/part.ts'
import { isObject } from './is-object.ts'
import { PROTOCOL } from './rest.ts'
import { decodeTurnItem } from './turn-decode.ts'

/** The parts of one item of an answer; log probabilities are told with the answer, not with its texts. */
export function decodeOutputItem(item: JsonObject, path: string, { facts }: AnswerContext): readonly Part[] {
  const context = { issuer: facts.issuer ?? PROTOCOL, nameTool: (name: string) => name }
  return decodeTurnItem(dropLogprobs(item), path, context)
}

function dropLogprobs(item: JsonObject): JsonObject {
  if (item.type !== 'message' || !Array.isArray(item.content)) return item
  const content = item.content.map((piece) => {
    if (!isObject(piece) || piece.logprobs === undefined) return piece
    const { logprobs: _logprobs, ...rest } = piece
    return rest
  })
  return { ...item, content }
}
