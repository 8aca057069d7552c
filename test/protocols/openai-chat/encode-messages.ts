/** Conversations of another protocol, written by this one. */
import type { Message } from '../../../protocols/ir/message.ts'
import type { Part, ToolResultContent } from '../../../protocols/ir/part.ts'
import { completeConversation } from '../../support/complete-conversation.ts'
import { encodeWith, sketchLosses } from './exchange.ts'

export const text = (words: string): Part => ({ type: 'text', text: words })

export const user = (...parts: Part[]): Message => ({ role: 'user', parts })

export const assistant = (...parts: Part[]): Message => ({ role: 'assistant', parts })

export const call = (id: string, name = 'f', args = '{}'): Part => ({ type: 'tool-call', id, name, arguments: args })

export const result = (callId: string, ...content: ToolResultContent[]): Part => ({
  type: 'tool-result',
  callId,
  content,
})

export const picture: Part & ToolResultContent = {
  type: 'image',
  source: { type: 'base64', mediaType: 'image/png', data: 'AA' },
}

export const PICTURE_URL = { type: 'image_url', image_url: { url: 'data:image/png;base64,AA' } }

/** Messages that came from a client of another protocol. */
export function encodeMessages(messages: readonly Message[], facts: object = {}) {
  const whole = completeConversation(messages)
  const { body, losses } = encodeWith({ messages: whole.messages }, facts)
  const lead = whole.calls > 0 ? 1 : 0
  const shift = (path: string) => path.replace(/^messages\.(\d+)/, (_all, index) => `messages.${Number(index) - lead}`)
  return {
    messages: body.messages.slice(lead, body.messages.length - whole.results),
    losses: sketchLosses(losses.map((loss) => ({ ...loss, path: shift(loss.path) }))),
  }
}
