/** One POST of a session that holds requests, until each of them has its answer: as JSON, or as a stream. */
import type { ServerResponse } from 'node:http'
import { type AnswerHeaders, sendJson } from '../../http/answer.ts'
import type { JsonRpcAnswer, JsonRpcMessage, JsonRpcRequest, RequestId } from '../json-rpc.ts'
import { isAnswer } from '../message-kind.ts'
import type { EventStream } from './event-stream.ts'
import { type EventWriter, openEvents } from './event-writer.ts'

/** These may take long, and their clients may want to come back for the result: they get a stream from the beginning. */
const LONG: ReadonlySet<string> = new Set(['tools/call', 'tasks/result'])

export interface PostExchangeOptions {
  readonly response: ServerResponse
  readonly requests: readonly JsonRpcRequest[]
  /** The client sent an array, and wants one back. */
  readonly isBatch: boolean
  readonly headers: AnswerHeaders
  readonly keepAliveMs: number
  /** Whether streams begin with an event without data. */
  readonly primes: boolean
  readonly openStream: () => EventStream
  /** All is answered. */
  readonly onDone: () => void
}

export class PostExchange {
  readonly #options: PostExchangeOptions
  readonly #open: Set<RequestId>
  readonly #answers: JsonRpcAnswer[] = []
  readonly #timer: NodeJS.Timeout
  #stream: EventStream | undefined

  constructor(options: PostExchangeOptions) {
    this.#options = options
    this.#open = new Set(options.requests.map((request) => request.id))
    this.#timer = setTimeout(() => this.#begin(), options.keepAliveMs)
    if (options.requests.some((request) => LONG.has(request.method))) this.#begin()
  }

  deliver(message: JsonRpcMessage): void {
    if (!isAnswer(message)) {
      this.#begin().push(message)
      return
    }
    const { id } = message
    if (id === undefined || id === null || !this.#open.delete(id)) return
    if (this.#stream === undefined) this.#answers.push(message)
    else this.#stream.push(message)
    this.#settle()
  }

  /** This request gets no answer. */
  drop(id: RequestId): void {
    if (this.#open.delete(id)) this.#settle()
  }

  #settle(): void {
    if (this.#open.size > 0) return
    clearTimeout(this.#timer)
    const { response, headers, isBatch, onDone } = this.#options
    const [only] = this.#answers
    if (this.#stream !== undefined) this.#stream.finish()
    else if (isBatch && only !== undefined) sendJson(response, 200, headers, this.#answers)
    else if (only !== undefined) sendJson(response, 200, headers, only)
    else if (!response.headersSent) response.writeHead(202, headers).end()
    onDone()
  }

  #begin(): EventStream {
    if (this.#stream !== undefined) return this.#stream
    clearTimeout(this.#timer)
    const { response, headers, keepAliveMs, openStream, primes } = this.#options
    const stream = openStream()
    this.#stream = stream
    // A connection that breaks is no cancellation here: the call goes on, and its answer is kept (M22).
    const writer: EventWriter = openEvents(response, { keepAliveMs, headers, onClosed: () => stream.detach(writer) })
    stream.attach(writer, { primes })
    for (const answer of this.#answers.splice(0)) stream.push(answer)
    return stream
  }
}
