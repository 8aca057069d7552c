/** Events of a stream of Messages, as a back end sends them. */
import type { StreamEvent } from '../../../protocols/ir/event.ts'
import { decodeStream, streamOf } from './exchange.ts'

export const START = {
  type: 'message_start',
  message: {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'claude',
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: { input_tokens: 5, output_tokens: 1 },
  },
}

export const begin = (index: number, block: object) => ({ type: 'content_block_start', index, content_block: block })

export const delta = (index: number, more: object) => ({ type: 'content_block_delta', index, delta: more })

export const stop = (index: number) => ({ type: 'content_block_stop', index })

export const end = (reason: string, more: object = {}, usage: object = { output_tokens: 9 }) => ({
  type: 'message_delta',
  delta: { stop_reason: reason, stop_sequence: null, ...more },
  usage,
})

export const STOP = { type: 'message_stop' }

export function rawOf(...events: readonly object[]): readonly StreamEvent[] {
  return decodeStream([streamOf(events)]).raw
}
