/** Bytes that one frame of a stream may have where nobody says otherwise: as many as a whole body. */
export const FRAME_LIMIT_BYTES = 64 * 1024 * 1024

/** One frame has more bytes than a whole body may have; without a limit a line that never ends would fill the memory. */
export class FrameTooLong extends Error {
  readonly limitBytes: number

  constructor(limitBytes: number) {
    super(`One event of the stream is longer than ${limitBytes} bytes`)
    this.name = 'FrameTooLong'
    this.limitBytes = limitBytes
  }
}
