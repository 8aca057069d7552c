/** One call over HTTP, from the queue for a connection to the last byte of the answer. */
import type { IncomingHttpHeaders } from 'node:http'
import type { Dispatcher } from 'undici'
import { ApiFailure } from '../../protocols/ir/error.ts'
import { createDecompressor, type Decompressor, readEncoding } from '../http/decompress.ts'
import { SilenceTimer } from '../http/silence-timer.ts'
import type { Connection, Connections, PooledHandler, RoutedCall } from './connections.ts'
import { explainFailure, type Place, tellFailure } from './explain-failure.ts'
import { ProxyFault } from './proxy-fault.ts'
import type { BodySink, UpstreamAnswer, UpstreamBody } from './upstream.ts'

export interface HttpTimeouts {
  /** Over the wait for a free connection, name resolution, TCP, a proxy's leave and TLS. */
  readonly connectMs: number
  /** From the request to the headers of the answer. */
  readonly firstByteMs: number
  /** Between two pieces of the answer. */
  readonly idleMs: number
  /** From the request to the end of an answer that is no stream. */
  readonly plainMs: number
}

export interface HttpCallOptions {
  readonly connections: Connections
  readonly written: RoutedCall
  readonly place: Place
  readonly timeouts: HttpTimeouts
  readonly stream: boolean
  /** Bytes of an answer, decompressed; absent: no limit. */
  readonly maxAnswerBytes?: number
  readonly signal: AbortSignal
  readonly resolve: (answer: UpstreamAnswer) => void
  readonly reject: (failure: ApiFailure) => void
}

type Phase = 'connecting' | 'waiting' | 'answering' | 'over'

const MAX_INFORMATIONAL = 20

/** What a socket dies of when the other side had closed it already. */
const DEAD_SOCKET: ReadonlySet<string> = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE'])

/** undici's handler and the answer's body in one object: nothing is made per piece of the answer. */
export class HttpCall implements PooledHandler, UpstreamBody {
  readonly #options: HttpCallOptions
  #phase: Phase = 'connecting'
  readonly #timer: SilenceTimer
  #connection: Connection | undefined
  #controller: Dispatcher.DispatchController | undefined
  #onUsedSocket = false
  #heardAnything = false
  #informational = 0
  #decompressor: Decompressor | undefined
  #bytes = 0
  #paused = false
  #sink: BodySink | undefined
  /** What the sink is to hear as soon as there is one. */
  #failure: ApiFailure | undefined

  constructor(options: HttpCallOptions) {
    this.#options = options
    this.#timer = new SilenceTimer(options.timeouts.connectMs, () => this.#fail(this.#explainLate()))
    options.signal.addEventListener('abort', this.#onAbort)
  }

  start(): void {
    this.#options.connections.dispatch(this.#options.written, this)
  }

  takenBy(connection: Connection): void {
    this.#connection = connection
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // Thrown here it frees the connection, while abort() would close it.
    if (this.#phase === 'over') throw new Error('the call is over')
    this.#controller = controller
    this.#onUsedSocket = (this.#connection?.answers ?? 0) > 0
    const { stream, timeouts } = this.#options
    if (!stream) this.#timer.endWithin(timeouts.plainMs)
    this.#enter('waiting', stream ? timeouts.firstByteMs : timeouts.plainMs)
  }

  onResponseStarted(): void {
    this.#heardAnything = true
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, fields: IncomingHttpHeaders): void {
    if (status < 200) {
      this.#informational += 1
      if (this.#informational > MAX_INFORMATIONAL) {
        this.#failBadly('sent more than 20 informational answers instead of one.')
      }
      return
    }
    if (this.#connection !== undefined) this.#connection.answers += 1
    if (status >= 300 && status < 400) {
      this.#failBadly(`answered ${status}${this.#nameRedirect(fields)}; redirects are not followed.`)
      return
    }
    const { written, place } = this.#options
    // Of what comes through a tunnel the proxy has said nothing.
    if (status === 407 && written.proxy !== undefined && written.origin.startsWith('http:')) {
      this.#fail(explainFailure(ProxyFault.unauthorized(written.proxy), place))
      return
    }
    const encoding = readEncoding(joinValues(fields['content-encoding']))
    if (encoding === 'unknown') {
      this.#failBadly('answered in a content encoding that is not understood here.')
      return
    }
    const headers = flattenHeaders(fields)
    if (encoding !== 'identity') {
      this.#decompressor = this.#openDecompressor(encoding.encoding)
      delete headers['content-encoding']
      delete headers['content-length']
    }
    // Nothing more is read until somebody takes it.
    controller.pause()
    this.#setPaused(true)
    this.#enter('answering', this.#options.timeouts.idleMs)
    this.#options.resolve({ status, headers, body: this })
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#timer.heard()
    if (this.#decompressor === undefined) this.#deliver(chunk)
    else if (!this.#decompressor.write(chunk)) controller.pause()
  }

  onResponseEnd(): void {
    if (this.#decompressor === undefined) this.#finish()
    else this.#decompressor.end()
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, error: Error): void {
    if (this.#phase === 'over') return
    if (this.#mayTryAgain(error)) {
      this.#controller = undefined
      this.#enter('connecting', this.#options.timeouts.connectMs)
      this.#options.connections.dispatchFresh(this.#options.written, this)
      return
    }
    this.#fail(explainFailure(error, this.#options.place))
  }

  pipe(sink: BodySink): void {
    this.#sink = sink
    if (this.#failure !== undefined) sink.fail(this.#failure)
    else this.resume()
  }

  resume(): void {
    if (!this.#paused || this.#phase === 'over') return
    this.#setPaused(false)
    this.#decompressor?.resume()
    this.#controller?.resume()
  }

  destroy(): void {
    if (this.#phase === 'over') return
    this.#close()
    this.#decompressor?.destroy()
    this.#controller?.abort(new Error('the answer is not wanted any more'))
  }

  /** Only where the other side had hung up before we wrote: nothing of an answer came, so nothing was done yet. */
  #mayTryAgain(error: Error): boolean {
    const code = 'code' in error ? String(error.code) : ''
    // The second socket is a fresh one, so that this is true once at most.
    return this.#phase === 'waiting' && this.#onUsedSocket && !this.#heardAnything && DEAD_SOCKET.has(code)
  }

  #openDecompressor(encoding: string): Decompressor {
    const decompressor = createDecompressor(encoding, {
      data: (chunk) => this.#deliver(chunk),
      end: () => this.#finish(),
      fail: () => this.#failBroken(`sent an answer that is not valid ${encoding}, or not whole.`),
      drain: () => {
        if (!this.#paused) this.#controller?.resume()
      },
    })
    decompressor.pause()
    return decompressor
  }

  #deliver(chunk: Buffer): void {
    if (this.#phase !== 'answering') return
    this.#bytes += chunk.length
    if (this.#bytes > (this.#options.maxAnswerBytes ?? Number.POSITIVE_INFINITY)) {
      this.#failBadly(`sent an answer of more than ${this.#options.maxAnswerBytes} bytes.`)
      return
    }
    if (this.#sink?.data(chunk) === false && this.#phase === 'answering') {
      this.#setPaused(true)
      this.#controller?.pause()
      this.#decompressor?.pause()
    }
  }

  #finish(): void {
    if (this.#phase === 'over') return
    this.#close()
    this.#sink?.end()
  }

  #failBadly(text: string): void {
    this.#fail(tellFailure({ kind: 'upstream-failed', code: 'bad_upstream_reply', text }, this.#options.place))
  }

  #failBroken(text: string): void {
    this.#fail(tellFailure({ kind: 'upstream-failed', code: 'disconnected', text }, this.#options.place))
  }

  #fail(failure: ApiFailure): void {
    if (this.#phase === 'over') return
    const phase = this.#phase
    this.#close()
    this.#decompressor?.destroy()
    this.#controller?.abort(failure)
    if (phase === 'connecting') this.#connection?.giveUp()
    if (phase !== 'answering') this.#options.reject(failure)
    else if (this.#sink === undefined) this.#failure = failure
    else this.#sink.fail(failure)
  }

  #close(): void {
    this.#phase = 'over'
    this.#timer.stop()
    this.#options.signal.removeEventListener('abort', this.#onAbort)
  }

  #onAbort = (): void => {
    this.#fail(new ApiFailure({ kind: 'cancelled', message: 'The client left.', source: 'proxy' }))
  }

  #enter(phase: Phase, limitMs: number): void {
    this.#phase = phase
    this.#timer.enter(limitMs)
  }

  /** While nobody takes the answer, its silence is not the provider's. */
  #setPaused(paused: boolean): void {
    this.#paused = paused
    if (paused) this.#timer.pause()
    else this.#timer.resume()
  }

  #explainLate(): ApiFailure {
    const { connections, place, written } = this.#options
    const seconds = `${this.#timer.limitMs / 1000} s`
    if (this.#phase === 'connecting' && connections.isFull(written)) {
      const text = `was not called: all connections to it were in use for ${seconds}.`
      return tellFailure({ kind: 'unavailable', code: 'pool_full', text }, place)
    }
    const text =
      this.#phase === 'connecting'
        ? `did not accept a connection${place.proxy === undefined ? '' : ` through the proxy ${place.proxy}`} within ${seconds}.`
        : this.#phase === 'waiting'
          ? `did not begin to answer within ${seconds}.`
          : this.#timer.ended
            ? `did not end its answer within ${this.#options.timeouts.plainMs / 1000} s.`
            : `fell silent for ${seconds} in the middle of its answer.`
    return tellFailure({ kind: 'upstream-timeout', code: 'timeout', text }, place)
  }

  /** The origin only: a path or query may hold secrets. */
  #nameRedirect(fields: IncomingHttpHeaders): string {
    const location = joinValues(fields.location)
    if (location === undefined || !URL.canParse(location, this.#options.written.origin)) return ''
    return ` and points to ${new URL(location, this.#options.written.origin).origin}`
  }
}

function flattenHeaders(fields: IncomingHttpHeaders): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const name of Object.keys(fields)) {
    const value = joinValues(fields[name])
    if (value !== undefined && name !== '__proto__') headers[name] = value
  }
  return headers
}

function joinValues(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(', ') : value
}
