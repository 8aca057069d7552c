/** The body of an answer that is made inside this process. */
import { ApiFailure } from '../../protocols/ir/error.ts'
import type { BodySink, UpstreamBody } from './upstream.ts'

/** Hands each piece over in a turn of the loop of its own, as if it had come over a network. */
export function createPieceBody(pieces: readonly string[], signal: AbortSignal): UpstreamBody {
  return new PieceBody(pieces, signal)
}

class PieceBody implements UpstreamBody {
  readonly #pieces: readonly string[]
  readonly #signal: AbortSignal
  #next = 0
  #sink: BodySink | undefined
  #turn: NodeJS.Immediate | undefined
  #over = false

  constructor(pieces: readonly string[], signal: AbortSignal) {
    this.#pieces = pieces
    this.#signal = signal
    signal.addEventListener('abort', this.#onAbort)
  }

  pipe(sink: BodySink): void {
    this.#sink = sink
    if (this.#signal.aborted) sink.fail(cancelled())
    else this.resume()
  }

  resume(): void {
    if (this.#over || this.#sink === undefined) return
    this.#turn ??= setImmediate(this.#step)
  }

  destroy(): void {
    this.#close()
  }

  #step = (): void => {
    this.#turn = undefined
    const piece = this.#pieces[this.#next]
    if (piece === undefined) {
      this.#close()
      this.#sink?.end()
      return
    }
    this.#next += 1
    if (this.#sink?.data(Buffer.from(piece)) === true) this.resume()
  }

  #onAbort = (): void => {
    if (this.#over) return
    this.#close()
    this.#sink?.fail(cancelled())
  }

  #close(): void {
    this.#over = true
    clearImmediate(this.#turn)
    this.#signal.removeEventListener('abort', this.#onAbort)
  }
}

function cancelled(): ApiFailure {
  return new ApiFailure({ kind: 'cancelled', message: 'The client left.', source: 'proxy' })
}
