/** Reads the counters from a stream that is relayed as it is. */
import type { StreamTap } from '../codec.ts'
import { readAlong } from '../framing/read-along.ts'
import { createSseBoundary } from '../framing/sse-boundary.ts'
import { expectObject } from '../ir/expect.ts'
import type { Usage } from '../ir/usage.ts'
import { createChunkDecoder } from './chunk-decoder.ts'
import { readNames } from './keep.ts'
import { decodeUsage } from './usage.ts'

export function createTap(): StreamTap {
  const boundary = createSseBoundary()
  let last: string | undefined
  let finished = false

  const chunks = readAlong(
    createChunkDecoder((json) => {
      // The counters of the last chunk count (Q71), so only the last is parsed.
      if (json.includes('"usageMetadata"')) last = json
      if (json.includes('"finishReason"')) finished = true
    }),
  )

  function usage(): Usage | undefined {
    if (last === undefined) return undefined
    try {
      const { usageMetadata } = readNames(expectObject(JSON.parse(last), 'chunk'))
      return decodeUsage(usageMetadata, 'usageMetadata')
    } catch {
      // What cannot be understood is relayed all the same.
      return undefined
    }
  }

  return {
    push(chunk) {
      boundary.push(chunk)
      chunks.push(chunk)
    },
    usage,
    get finished() {
      return finished
    },
    get betweenEvents() {
      return boundary.between
    },
  }
}
