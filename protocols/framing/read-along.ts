import type { FrameDecoder } from './frame-decoder.ts'

/**
 * A decoder for bytes that pass whatever is in them: after a frame beyond all limits there is nothing more to be read, and nobody is told.
 * Never throws.
 */
export function readAlong(frames: FrameDecoder): Pick<FrameDecoder, 'push'> {
  let isBroken = false
  return {
    push(chunk) {
      if (isBroken) return
      try {
        frames.push(chunk)
      } catch {
        isBroken = true
      }
    },
  }
}
