/** Newline-delimited JSON: one value per line. */
import type { FrameDecoder } from './frame-decoder.ts'
import { FRAME_LIMIT_BYTES } from './frame-too-long.ts'
import { createLineDecoder } from './lines.ts'

/**
 * Hands out each line that is not blank, the last one also without a line end. Whether it is JSON, its reader finds out.
 *
 * @param limitBytes of one line.
 * @see https://github.com/ndjson/ndjson-spec
 */
export function createNdjsonDecoder(emitLine: (line: string) => void, limitBytes = FRAME_LIMIT_BYTES): FrameDecoder {
  return createLineDecoder((line) => {
    if (/\S/.test(line)) emitLine(line)
  }, limitBytes)
}

/** One line. @param json complete JSON text on one line, as `JSON.stringify` writes it. */
export function encodeNdjson(json: string): string {
  return `${json}\n`
}
