/** Bytes of a stream in, frames out; whoever makes one hands over the function that takes the frames. */
export interface FrameDecoder {
  /**
   * Takes bytes cut anywhere and hands out the frames that they complete.
   * Keeps nothing of `chunk`: its memory may be used again.
   *
   * @throws FrameTooLong when one frame outgrows the limit; the decoder is of no use afterwards.
   */
  push(chunk: Uint8Array): void
  /** The bytes are over: hands out what was held back for more. */
  end(): void
}
