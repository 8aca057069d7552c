/** Chunks of a stream in whichever form it comes: server-sent events, one growing JSON array, or a bare object (Q6, Q7). */
import type { FrameDecoder } from '../framing/frame-decoder.ts'
import { createJsonArrayDecoder } from '../framing/json-array.ts'
import { createSseDecoder } from '../framing/sse.ts'

const OPEN_BRACKET = 0x5b
const OPEN_BRACE = 0x7b
const BLANK = 0x20
/** Bytes of a byte order mark. */
const MARK: ReadonlySet<number> = new Set([0xef, 0xbb, 0xbf])

/** @param emit hears the JSON text of each chunk. Which form it is, the first byte tells that is no white space. */
export function createChunkDecoder(emit: (json: string) => void): FrameDecoder {
  let chosen: FrameDecoder | undefined

  function choose(chunk: Uint8Array): FrameDecoder | undefined {
    const first = chunk.find((byte) => byte > BLANK && !MARK.has(byte))
    if (first === undefined) return undefined
    return first === OPEN_BRACKET || first === OPEN_BRACE
      ? createJsonArrayDecoder(emit)
      : createSseDecoder(({ data }) => emit(data))
  }

  return {
    push(chunk) {
      chosen ??= choose(chunk)
      chosen?.push(chunk)
    },
    end() {
      chosen?.end()
    },
  }
}
