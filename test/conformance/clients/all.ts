/** Every client of the matrix. */
import { anthropic } from './anthropic.ts'
import type { Client } from './client.ts'
import { gemini } from './gemini.ts'
import { ollama } from './ollama.ts'
import { openaiChat } from './openai-chat.ts'
import { openaiResponses } from './openai-responses.ts'

export const CLIENTS: readonly Client[] = [openaiChat, openaiResponses, anthropic, gemini, ollama]
