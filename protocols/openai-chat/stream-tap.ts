/** Reads along a stream that is relayed as it is. */
import type { StreamTap } from '../codec.ts'
import { readAlong } from '../framing/read-along.ts'
import { createSseDecoder } from '../framing/sse.ts'
import { createSseBoundary } from '../framing/sse-boundary.ts'
import type { JsonObject } from '../ir/extra.ts'
import { mergeUsage, type Usage } from '../ir/usage.ts'
import { decodeUsage, findUsage } from './usage.ts'

/** Quotes inside a JSON string are escaped, so that these stand for the members and for no text about them. */
const COUNTED = /"usage"\s*:\s*\{/
const FINISHED = /"finish_reason"\s*:\s*"[^"]/

/** Most chunks tell no counters, or null for them, and are not parsed: they are only searched for the word. */
export function createStreamTap(): StreamTap {
  const boundary = createSseBoundary()
  let usage: Usage | undefined
  let finished = false
  const sse = readAlong(
    createSseDecoder(({ data }) => {
      if (COUNTED.test(data)) readUsage(data)
      if (!finished) finished = data.trim() === '[DONE]' || FINISHED.test(data)
    }),
  )

  function readUsage(data: string): void {
    try {
      const chunk: unknown = JSON.parse(data)
      const told = typeof chunk === 'object' && chunk !== null ? decodeUsage(findUsage(chunk as JsonObject)) : undefined
      if (told !== undefined) usage = mergeUsage(usage, told)
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
