/** Events of a stream of Responses, as a back end sends them. */
import { answerOf } from './exchange.ts'

export const CREATED = { type: 'response.created', response: answerOf([], { status: 'in_progress' }) }

export const completed = (output: readonly object[] = [], members: object = {}) => ({
  type: 'response.completed',
  response: answerOf(output, members),
})

export const CALL = { type: 'function_call', id: 'fc_1', call_id: 'call_1', name: 'f', status: 'completed' }

export const MESSAGE = { type: 'message', id: 'msg_1', role: 'assistant', status: 'completed' }

export const textOf = (text: string, more: object = {}) => ({ type: 'output_text', text, annotations: [], ...more })

export const added = (item: object, output_index = 0) => ({ type: 'response.output_item.added', output_index, item })

export const done = (item: object, output_index = 0) => ({ type: 'response.output_item.done', output_index, item })

export const about = (type: string, members: object, output_index = 0) => ({
  type: `response.${type}`,
  item_id: 'x',
  output_index,
  content_index: 0,
  ...members,
})
