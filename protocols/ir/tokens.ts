/** How many tokens a request has, counted offline: everything that the model will read, by rule where it is not text. */
import type { Message } from './message.ts'
import type { Part } from './part.ts'
import type { ChatRequest } from './request.ts'
import type { Tool } from './tool.ts'

/** Counts the tokens of one text. */
export type CountText = (text: string) => number

/** What a message costs beside its text. */
const TOKENS_PER_MESSAGE = 3
/** A picture of usual size; the providers' own rules need its width and height and differ by model. */
const TOKENS_PER_IMAGE = 1600
/** A page of a document, and the base64 characters that one takes on average. */
const TOKENS_PER_PAGE = 1500
const BASE64_PER_PAGE = 40_000
/** Speech at some 32 tokens a second, 16 kB of compressed sound a second, in base64. */
const BASE64_PER_AUDIO_TOKEN = 680

/**
 * Counts system text, messages, tools, pictures and documents; never base64 as if it were text.
 *
 * @see https://docs.anthropic.com/en/docs/build-with-claude/token-counting for what has to be counted
 */
export function countRequestTokens(request: ChatRequest, countText: CountText): number {
  let tokens = 0
  for (const message of request.messages) tokens += countMessage(message, countText)
  for (const tool of request.tools ?? []) tokens += countTool(tool, countText)
  return tokens
}

function countMessage(message: Message, countText: CountText): number {
  let tokens = TOKENS_PER_MESSAGE
  for (const part of message.parts) tokens += countPart(part, countText)
  return tokens
}

function countTool(tool: Tool, countText: CountText): number {
  if (tool.type === 'hosted') return countText(JSON.stringify(tool.value))
  const shape = tool.type === 'function' ? tool.parameters : tool.format
  return countText(`${tool.name} ${tool.description ?? ''} ${shape === undefined ? '' : JSON.stringify(shape)}`)
}

function countPart(part: Part, countText: CountText): number {
  switch (part.type) {
    case 'text':
    case 'refusal':
      return countText(part.text)
    case 'reasoning':
      return countText(part.text)
    case 'image':
      return TOKENS_PER_IMAGE
    case 'audio':
      return part.source.type === 'base64' ? Math.ceil(part.source.data.length / BASE64_PER_AUDIO_TOKEN) : 0
    case 'file':
      if (part.source.type === 'text') return countText(part.source.text)
      if (part.source.type === 'base64') return Math.ceil(part.source.data.length / BASE64_PER_PAGE) * TOKENS_PER_PAGE
      return TOKENS_PER_PAGE
    case 'tool-call':
      return countText(part.name) + countText(part.arguments)
    case 'tool-result':
      return part.content.reduce((sum, content) => sum + countPart(content, countText), 0)
    case 'opaque':
      return countText(JSON.stringify(part.value))
  }
}
