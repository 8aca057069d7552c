/** Reads along a stream that is relayed as it is. */
import type { StreamTap } from '../codec.ts'
import { readAlong } from '../framing/read-along.ts'
import { createSseDecoder } from '../framing/sse.ts'
import { createSseBoundary } from '../framing/sse-boundary.ts'
import type { Usage } from '../ir/usage.ts'
import { isObject } from './is-object.ts'
import { decodeUsage } from './usage.ts'

const ENDS: ReadonlySet<unknown> = new Set(['response.completed', 'response.incomplete', 'response.failed'])
/** Quotes inside a JSON string are escaped, so that this stands for a value and for no text about it. */
const END = /"response\.(?:completed|incomplete|failed)"/

/** Most events are only searched for a word. Usage is told with the last one, however the answer ended (trap 107). */
export function createStreamTap(): StreamTap {
  const boundary = createSseBoundary()
  let usage: Usage | undefined
  let finished = false
  const sse = readAlong(
    createSseDecoder(({ data }) => {
      if (!finished && END.test(data)) readEnd(data)
    }),
  )

  function readEnd(data: string): void {
    try {
      const event: unknown = JSON.parse(data)
      if (!isObject(event) || !ENDS.has(event.type)) return
      finished = true
      usage = isObject(event.response) ? decodeUsage(event.response.usage) : undefined
    } catch {
      // The client sees the same bytes; counters that cannot be read are none.
    }
  }

  return {
    push(chunk) {
      boundary.push(chunk)
      sse.push(chunk)
    },
    usage: () => usage,
    get finished() {
      return finished
    },
    get betweenEvents() {
      return boundary.between
    },
  }
}
