/** A tool call of a streamed answer. */
import { createArgumentsTracker } from '../ir/arguments.ts'
import type { PartDelta, PartHead } from '../ir/event.ts'
import { unwrapText } from '../ir/freeform.ts'
import { type ItemStatus, nameCall, nameItem, type OutputContext, writeCall } from './output.ts'
import type { StreamWriter } from './stream-writer.ts'
import type { Item } from './wire.ts'

export interface CallStream {
  open(): string
  more(delta: PartDelta): string
  close(): string
}

type Head = Extract<PartHead, { type: 'tool-call' }>

export function createCallStream(head: Head, path: string, writer: StreamWriter, context: OutputContext): CallStream {
  const { report } = context
  const call = nameCall(head, context)
  const id = nameItem(call.isSearch ? 'tsc' : call.isFreeform ? 'ctc' : 'fc', writer.nextIndex, context, head)
  const event = call.isFreeform ? 'response.custom_tool_call_input' : 'response.function_call_arguments'
  const member = call.isFreeform ? 'input' : 'arguments'
  const tracker = createArgumentsTracker()
  const pieces: string[] = []
  let index = 0

  function write(args: string, status: ItemStatus, isLast: boolean): Item {
    // Members of another protocol are reported once.
    return writeCall(id, head.id, call, args, status, head, path, isLast ? report : () => {})
  }

  return {
    open() {
      const begun = writer.begin(write('', 'in_progress', false))
      index = begun.index
      return begun.frames
    },
    more(delta) {
      if (delta.signature !== undefined) report(`${path}.signature`, 'calls are not signed here')
      const { arguments: piece = '' } = delta
      if (piece === '') return ''
      pieces.push(piece)
      tracker.push(piece)
      // Where the raw text stands inside an object, it is known when the object is whole.
      return call.isWrapped || call.isSearch ? '' : writer.about(`${event}.delta`, index, id, { delta: piece })
    },
    close() {
      const told = pieces.join('')
      const args = call.isWrapped ? unwrapText(told) : told
      const late = call.isWrapped && args !== '' ? writer.about(`${event}.delta`, index, id, { delta: args }) : ''
      const isWhole = call.isFreeform || tracker.complete
      // A search is told whole, in its item.
      const done = call.isSearch ? '' : writer.about(`${event}.done`, index, id, { [member]: args })
      return late + done + writer.end(write(args, isWhole ? 'completed' : 'incomplete', true), index)
    },
  }
}
