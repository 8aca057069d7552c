/** Reads a request's body whole, within limits of size and time. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { type ApiErrorKind, ApiFailure } from '../../protocols/ir/error.ts'
import { createDecompressor, type Decompressor, readEncoding } from './decompress.ts'
import { SilenceTimer } from './silence-timer.ts'

export interface BodyLimits {
  /** Bytes after decompression. */
  readonly limitBytes: number
  /** The longest silence between two pieces. */
  readonly idleMs: number
  /** The longest time for all of it. */
  readonly totalMs: number
}

export const BODY_LIMITS: BodyLimits = { limitBytes: 10 * 1024 * 1024, idleMs: 30_000, totalMs: 15 * 60_000 }

/**
 * Reads the body, undoing one content encoding. Bytes that are no UTF-8 or no JSON are somebody else's matter.
 * After a failure the rest of the body is still to be read away: the functions that write answers do so.
 *
 * @param response the answer to the same request, for a caller that waits for leave to send its body.
 * @param signal ends it with kind `cancelled`.
 * @throws ApiFailure `too-large`, `unsupported-media-type`, `bad-request` (compressed bytes that are broken),
 *   `request-timeout`, or `cancelled` when the client left.
 */
export function readBody(
  request: IncomingMessage,
  response: ServerResponse,
  limits: BodyLimits,
  signal: AbortSignal,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const encoding = readEncoding(request.headers['content-encoding'])
    if (encoding === 'unknown') {
      reject(
        failure('unsupported-media-type', 'Send the body plain, or compressed once with gzip, br, deflate or zstd.'),
      )
      return
    }
    if (Number(request.headers['content-length'] ?? 0) > limits.limitBytes) {
      reject(tooLarge(limits.limitBytes))
      return
    }
    if (signal.aborted || (request.destroyed && !request.complete)) {
      reject(cancelled())
      return
    }
    if (request.headers.expect !== undefined && !response.headersSent) response.writeContinue()
    new BodyReader(request, limits, signal, resolve, reject).start(
      encoding === 'identity' ? undefined : encoding.encoding,
    )
  })
}

class BodyReader {
  readonly #request: IncomingMessage
  readonly #limits: BodyLimits
  readonly #signal: AbortSignal
  readonly #resolve: (body: Buffer) => void
  readonly #reject: (failure: ApiFailure) => void
  readonly #timer: SilenceTimer
  #chunks: Buffer[] = []
  #rawBytes = 0
  #bytes = 0
  #decompressor: Decompressor | undefined

  constructor(
    request: IncomingMessage,
    limits: BodyLimits,
    signal: AbortSignal,
    resolve: (body: Buffer) => void,
    reject: (failure: ApiFailure) => void,
  ) {
    this.#request = request
    this.#limits = limits
    this.#signal = signal
    this.#resolve = resolve
    this.#reject = reject
    this.#timer = new SilenceTimer(limits.idleMs, () => {
      this.#fail(failure('request-timeout', 'The body of the request did not arrive in time.'))
    })
    this.#timer.endWithin(limits.totalMs)
  }

  start(encoding: string | undefined): void {
    if (encoding !== undefined) this.#decompressor = this.#openDecompressor(encoding)
    this.#signal.addEventListener('abort', this.#onGone)
    this.#request.on('data', this.#onData)
    this.#request.on('end', this.#onEnd)
    this.#request.on('close', this.#onGone)
    this.#request.on('error', this.#onGone)
  }

  #openDecompressor(encoding: string): Decompressor {
    return createDecompressor(encoding, {
      data: (chunk) => this.#keep(chunk),
      end: () => this.#finish(),
      fail: () => this.#fail(failure('bad-request', `The body is not valid ${encoding}, or ends too early.`)),
      drain: () => this.#request.resume(),
    })
  }

  #onData = (chunk: Buffer): void => {
    this.#timer.heard()
    this.#rawBytes += chunk.length
    if (this.#rawBytes > this.#limits.limitBytes) this.#fail(tooLarge(this.#limits.limitBytes))
    else if (this.#decompressor === undefined) this.#keep(chunk)
    else if (!this.#decompressor.write(chunk)) this.#request.pause()
  }

  #keep(chunk: Buffer): void {
    this.#bytes += chunk.length
    if (this.#bytes > this.#limits.limitBytes) this.#fail(tooLarge(this.#limits.limitBytes))
    else this.#chunks.push(chunk)
  }

  #onEnd = (): void => {
    if (this.#decompressor === undefined) this.#finish()
    else this.#decompressor.end()
  }

  #onGone = (): void => {
    // Node closes a request that was read to its end, too; what was compressed may still be in work then.
    if (this.#request.complete && !this.#signal.aborted) return
    this.#fail(cancelled())
  }

  #finish(): void {
    this.#stop()
    const only = this.#chunks.length === 1 ? this.#chunks[0] : undefined
    this.#resolve(only ?? Buffer.concat(this.#chunks, this.#bytes))
  }

  #fail(why: ApiFailure): void {
    this.#stop()
    this.#decompressor?.destroy()
    this.#chunks = []
    this.#reject(why)
  }

  #stop(): void {
    this.#timer.stop()
    this.#signal.removeEventListener('abort', this.#onGone)
    this.#request.off('data', this.#onData)
    this.#request.off('end', this.#onEnd)
    this.#request.off('close', this.#onGone)
    this.#request.off('error', this.#onGone)
    // What is left of the body waits in the socket until the answer is written.
    if (!this.#request.complete) this.#request.pause()
  }
}

function tooLarge(limitBytes: number): ApiFailure {
  return failure('too-large', `The body of the request is larger than ${limitBytes} bytes.`)
}

function cancelled(): ApiFailure {
  return failure('cancelled', 'The client left before its request was complete.')
}

function failure(kind: ApiErrorKind, message: string): ApiFailure {
  return new ApiFailure({ kind, message, source: 'proxy' })
}
