/** Writes the events of a stream: numbered without a gap, each with the place of its item. */
import { encodeSse } from '../framing/sse.ts'
import type { Item, ResponseObject } from './wire.ts'

export interface StreamWriter {
  /** An event about the answer as a whole. */
  tell(type: string, response: ResponseObject): string
  /** Begins an item: from here on it has its place. @returns the place, to be handed back. */
  begin(item: Item): { readonly frames: string; readonly index: number }
  /** An event about an open item. */
  about(type: string, index: number, id: string, members: Readonly<Record<string, unknown>>): string
  end(item: Item, index: number): string
  /** A place for the next item, and so for its id. */
  readonly nextIndex: number
  /** Items that are complete. */
  readonly output: readonly Item[]
}

export function createStreamWriter(): StreamWriter {
  const output: Item[] = []
  let sequence = 0
  let nextIndex = 0

  function frame(type: string, members: Readonly<Record<string, unknown>>): string {
    return encodeSse(JSON.stringify({ type, sequence_number: sequence++, ...members }), type)
  }

  return {
    tell: (type, response) => frame(type, { response }),
    begin(item) {
      const index = nextIndex++
      return { frames: frame('response.output_item.added', { output_index: index, item }), index }
    },
    about: (type, index, id, members) => frame(type, { item_id: id, output_index: index, ...members }),
    end(item, index) {
      output.push(item)
      return frame('response.output_item.done', { output_index: index, item })
    },
    get nextIndex() {
      return nextIndex
    },
    output,
  }
}
