/** Writes an answer that streams: backpressure, keep-alives and a limit on clients that stop reading. */
import type { ServerResponse } from 'node:http'
import { type AnswerHeaders, setHeaders } from './answer.ts'

export interface StreamAnswerOptions {
  readonly contentType: string
  /** What tells a client of this protocol that we are still there. */
  readonly keepAlive: string
  /** Silence after which it is written. */
  readonly keepAliveMs: number
  /** How long a client may leave our bytes unread before its connection is cut. */
  readonly stallMs: number
  /** Nothing was sent for `keepAliveMs` and the answer is not open: the place to open it, if that is wanted. */
  onSilence?(): void
  /** Whether a keep-alive may stand here; absent: always. */
  mayKeepAlive?(): boolean
  /** The client takes bytes again, after `write` returned false. */
  onDrain?(): void
  /** The client left before `end`, or was cut because it stopped reading. Called at most once. */
  onClosed(): void
}

export interface StreamAnswer {
  /** Status and headers are decided; the client sees them with the first bytes, or at the end of this turn. */
  readonly opened: boolean
  readonly closed: boolean
  open(status: number, headers: AnswerHeaders): void
  /** @returns false to wait for `onDrain`. Bytes for a client that has left vanish. */
  write(chunk: string | Uint8Array): boolean
  /** The answer is whole. */
  end(): void
  /** Lets go of an answer that was never opened, so that it can be given in another way. */
  abandon(): void
  /** Breaks the connection, so that nobody takes the answer for whole. */
  destroy(): void
}

export const STREAM_TIMES = { keepAliveMs: 15_000, stallMs: 120_000 }

export function createStreamAnswer(response: ServerResponse, options: StreamAnswerOptions): StreamAnswer {
  return new Writer(response, options)
}

class Writer implements StreamAnswer {
  opened = false
  closed = false
  readonly #response: ServerResponse
  readonly #options: StreamAnswerOptions
  #wroteAt = performance.now()
  #quietTimer: NodeJS.Timeout | undefined
  #stallTimer: NodeJS.Timeout | undefined

  constructor(response: ServerResponse, options: StreamAnswerOptions) {
    this.#response = response
    this.#options = options
    response.on('drain', this.#onDrain)
    response.on('close', this.#onClose)
    this.#quietTimer = setTimeout(this.#onQuiet, options.keepAliveMs)
    if (response.destroyed) queueMicrotask(this.#onClose)
  }

  open(status: number, headers: AnswerHeaders): void {
    if (this.opened || this.closed) return
    this.opened = true
    const response = this.#response
    response.statusCode = status
    setHeaders(response, headers)
    response.setHeader('content-type', this.#options.contentType)
    response.setHeader('cache-control', 'no-cache')
    response.setHeader('x-accel-buffering', 'no')
    response.setHeader('x-content-type-options', 'nosniff')
    response.socket?.setNoDelay(true)
    // The first event usually follows at once and then shares its packet with the headers.
    process.nextTick(() => {
      if (!this.closed && !response.headersSent) response.flushHeaders()
    })
  }

  write(chunk: string | Uint8Array): boolean {
    if (this.closed || chunk.length === 0) return true
    if (!this.opened) throw new Error('a stream answer must be opened before it is written')
    this.#wroteAt = performance.now()
    const more = this.#response.write(chunk)
    if (!more) this.#stallTimer ??= setTimeout(this.#onStall, this.#options.stallMs)
    return more
  }

  end(): void {
    if (this.closed) return
    this.#release()
    const isFull = this.#response.writableNeedDrain
    this.#response.end()
    if (!isFull) return
    // What lies in the buffers may never be fetched either.
    const timer = setTimeout(() => this.#response.destroy(), this.#options.stallMs)
    this.#response.once('close', () => clearTimeout(timer))
  }

  abandon(): void {
    if (!this.closed) this.#release()
  }

  destroy(): void {
    if (this.closed) return
    this.#release()
    this.#response.destroy()
  }

  #onDrain = (): void => {
    clearTimeout(this.#stallTimer)
    this.#stallTimer = undefined
    this.#options.onDrain?.()
  }

  #onClose = (): void => {
    if (this.closed) return
    this.#release()
    this.#options.onClosed()
  }

  #onStall = (): void => {
    this.#response.destroy()
    this.#onClose()
  }

  /** One timer per stream: it looks when the last bytes went out and sleeps for what is left. */
  #onQuiet = (): void => {
    const { keepAlive, keepAliveMs, mayKeepAlive, onSilence } = this.#options
    const left = keepAliveMs - (performance.now() - this.#wroteAt)
    if (left > 1) {
      this.#quietTimer = setTimeout(this.#onQuiet, left)
      return
    }
    this.#quietTimer = setTimeout(this.#onQuiet, keepAliveMs)
    if (!this.opened) onSilence?.()
    if (this.opened && !this.closed && !this.#response.writableNeedDrain && mayKeepAlive?.() !== false) {
      this.write(keepAlive)
    }
  }

  #release(): void {
    this.closed = true
    clearTimeout(this.#quietTimer)
    clearTimeout(this.#stallTimer)
    this.#response.off('drain', this.#onDrain)
    this.#response.off('close', this.#onClose)
  }
}
