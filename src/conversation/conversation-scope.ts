/** Tells one conversation from another, so that what is remembered of one never enters the other. */
import type { Message } from '../../protocols/ir/message.ts'

/** The beginning of a long text tells it from others as well as the whole. */
const COMPARED_CHARACTERS = 4000

/**
 * The group and what the user said first: that stays the same as long as a conversation goes on, while ids of calls are
 * often the same in many.
 */
export function conversationScope(group: string, messages: readonly Message[]): string {
  const first = messages.find((message) => message.role === 'user')
  let text = ''
  for (const part of first?.parts ?? []) if (part.type === 'text') text += part.text
  return `${group}\0${text.trim().slice(0, COMPARED_CHARACTERS)}`
}
