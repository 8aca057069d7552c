/** Reads along a stream that is relayed as it is. */
import type { StreamTap } from '../codec.ts'
import { createNdjsonDecoder } from '../framing/ndjson.ts'
import { readAlong } from '../framing/read-along.ts'
import { expectObject } from '../ir/expect.ts'
import type { Usage } from '../ir/usage.ts'
import { decodeUsage } from './usage.ts'

/** Quotes inside a JSON string are escaped, so that this stands for the member and for no text about it. */
const LAST = /"done"\s*:\s*true/
const LF = 0x0a
const CR = 0x0d

/** Only the last line tells counters: the others are searched for the word and not parsed. */
export function createStreamTap(): StreamTap {
  let usage: Usage | undefined
  let finished = false
  let last = LF
  const lines = readAlong(
    createNdjsonDecoder((line) => {
      if (!LAST.test(line)) return
      finished = true
      try {
        usage = decodeUsage(expectObject(JSON.parse(line), 'line'))
      } catch {
        // The client sees the same bytes; counters that cannot be read are none.
      }
    }),
  )
  return {
    push(chunk) {
      last = chunk.at(-1) ?? last
      lines.push(chunk)
    },
    usage: () => usage,
    get finished() {
      return finished
    },
    get betweenEvents() {
      return last === LF || last === CR
    },
  }
}
