/** Reads the counters from a stream that is relayed as it is. */
import type { StreamTap } from '../codec.ts'
import { readAlong } from '../framing/read-along.ts'
import { createSseDecoder } from '../framing/sse.ts'
import { createSseBoundary } from '../framing/sse-boundary.ts'
import { expectObject, optional } from '../ir/expect.ts'
import type { JsonObject } from '../ir/extra.ts'
import { decodeUsage, joinWireUsage } from './usage.ts'

export function createTap(): StreamTap {
  const boundary = createSseBoundary()
  let usage: JsonObject | undefined
  let finished = false

  const frames = readAlong(
    createSseDecoder(({ data }) => {
      // Deltas are most of a stream and tell nothing here: they are not parsed.
      if (!data.includes('message_')) return
      try {
        read(expectObject(JSON.parse(data), 'event'))
      } catch {
        // What cannot be understood is relayed all the same.
      }
    }),
  )

  function read(event: JsonObject): void {
    if (event.type === 'message_stop') finished = true
    const holder = event.type === 'message_start' ? expectObject(event.message, 'message') : event
    if (event.type !== 'message_start' && event.type !== 'message_delta') return
    const told = optional(holder.usage, 'usage', expectObject)
    if (told === undefined) return
    const joined = joinWireUsage(usage ?? {}, told)
    decodeUsage(joined, 'usage')
    usage = joined
  }

  return {
    push(chunk) {
      boundary.push(chunk)
      frames.push(chunk)
    },
    usage: () => (usage === undefined ? undefined : decodeUsage(usage, 'usage')),
    get finished() {
      return finished
    },
    get betweenEvents() {
      return boundary.between
    },
  }
}
