/** What a stream of this protocol tells. */
import type { StreamEvent } from '../../../protocols/ir/event.ts'
import { checkLegal } from '../../support/check-legal.ts'
import { chunkOf, DONE, decodeStream, streamOf } from './exchange.ts'

export interface Told {
  readonly parts: readonly any[]
  readonly last: StreamEvent | undefined
  readonly usage: any
  readonly start: any
}

/** What a stream says behind the grammar: the parts of a choice with all that was said of them. */
export function tell(events: readonly StreamEvent[], choice = 0): Told {
  checkLegal(events)
  const parts: any[] = []
  for (const event of events) {
    if (!('choice' in event) || event.choice !== choice) continue
    if (event.type === 'part-start') parts.push({ ...event.head })
    if (event.type !== 'part-delta') continue
    const part = parts.at(-1)
    for (const [name, value] of Object.entries(event.delta)) {
      if (name === 'citation' || name === 'logprobs') part[name] = [...(part[name] ?? []), value]
      else part[name] = name === 'text' || name === 'arguments' ? (part[name] ?? '') + value : value
    }
  }
  return {
    parts,
    last: events.at(-1),
    usage: events.find((event) => event.type === 'usage')?.usage,
    start: events.find((event) => event.type === 'start'),
  }
}

export const read = (...chunks: readonly (object | string)[]) => tell(decodeStream([streamOf(...chunks)]).events)

export const deltas = (...list: readonly object[]) => read(...list.map((delta) => chunkOf(delta)), DONE)

export const piece = (
  index: number | undefined,
  id: string | undefined,
  name: string | undefined,
  args: string | undefined,
) => ({
  tool_calls: [
    {
      ...(index === undefined ? {} : { index }),
      ...(id === undefined ? {} : { id }),
      type: 'function',
      function: { name, arguments: args },
    },
  ],
})
