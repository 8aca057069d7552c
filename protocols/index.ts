/** The protocols that there are. A new one is a folder beside the others and a line in this list. */
import { anthropic } from './anthropic/index.ts'
import type { Codec } from './codec.ts'
import { gemini } from './gemini/index.ts'
import { ollama } from './ollama/index.ts'
import { openaiChat } from './openai-chat/index.ts'
import { openaiResponses } from './openai-responses/index.ts'

/** The first one is assumed of callers who show no other. */
export const codecs: readonly Codec[] = [openaiChat, anthropic, openaiResponses, ollama, gemini]

/** @throws Error for a name that no codec bears. */
export function findCodec(name: string): Codec {
  const codec = codecs.find((one) => one.name === name)
  if (codec === undefined) throw new Error(`there is no codec called ${JSON.stringify(name)}`)
  return codec
}
