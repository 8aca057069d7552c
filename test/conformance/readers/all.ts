/** The reader of every protocol's requests. */
import { anthropicReader } from './anthropic.ts'
import { geminiReader } from './gemini.ts'
import { ollamaReader } from './ollama.ts'
import { openaiChatReader } from './openai-chat.ts'
import { openaiResponsesReader } from './openai-responses.ts'
import type { Reader } from './reader.ts'

const READERS: readonly Reader[] = [
  openaiChatReader,
  openaiResponsesReader,
  anthropicReader,
  geminiReader,
  ollamaReader,
]

export function readerOf(protocol: string): Reader {
  const found = READERS.find((reader) => reader.protocol === protocol)
  if (found === undefined) throw new Error(`nobody reads ${protocol}`)
  return found
}
