/** Messages, and their blocks on this wire. */
import type { Message } from '../../../protocols/ir/message.ts'
import type { Part } from '../../../protocols/ir/part.ts'

export const text = (value: string): Part => ({ type: 'text', text: value })

export const call = (id: string, name = 'f', args = '{}'): Part => ({ type: 'tool-call', id, name, arguments: args })

export const result = (callId: string, value = 'ok'): Part => ({
  type: 'tool-result',
  callId,
  content: [text(value) as never],
})

export const user = (...parts: Part[]): Message => ({ role: 'user', parts })

export const assistant = (...parts: Part[]): Message => ({ role: 'assistant', parts })

export const system = (value: string): Message => ({ role: 'system', parts: [text(value)] })

export const USE = (id: string) => ({ type: 'tool_use', id, name: 'f', input: {} })

export const RESULT = (id: string, content = 'ok') => ({ type: 'tool_result', tool_use_id: id, content })

export const TEXT = (value: string) => ({ type: 'text', text: value })
