/** A legacy session over Streamable HTTP: which of its streams a message belongs on (M20). */
import type { ServerResponse } from 'node:http'
import type { AnswerHeaders } from '../../http/answer.ts'
import type { ClientChannel } from '../client/client-channel.ts'
import type { ClientSession } from '../client/client-session.ts'
import type { HubTimes } from '../hub-context.ts'
import type { JsonRpcMessage, JsonRpcRequest, RequestId } from '../json-rpc.ts'
import { PRIMING_VERSION } from '../revisions.ts'
import { EventStream, parseEventId } from './event-stream.ts'
import { type EventWriter, openEvents } from './event-writer.ts'
import { PostExchange } from './post-exchange.ts'

const POST_LIMITS = { events: 1000, characters: 8 * 1024 * 1024 }
/** What waits for a client that never opened its stream (M20). */
const STANDALONE_LIMITS = { events: 100, characters: 8 * 1024 * 1024 }
const STANDALONE = 0

export class HttpSession implements ClientChannel {
  readonly #times: HubTimes
  readonly #streams = new Map<number, EventStream>()
  readonly #standalone = new EventStream(STANDALONE, STANDALONE_LIMITS)
  readonly #exchanges = new Map<RequestId, PostExchange>()
  readonly #writers = new Set<EventWriter>()
  readonly #timers = new Set<NodeJS.Timeout>()
  #conversation: ClientSession | undefined
  #count = STANDALONE

  constructor(times: HubTimes) {
    this.#times = times
    this.#streams.set(STANDALONE, this.#standalone)
  }

  /** The conversation and its channel know each other; this is set at once after both are made. */
  set conversation(conversation: ClientSession) {
    this.#conversation = conversation
  }

  get protocolVersion(): string {
    return this.#conversation?.protocolVersion ?? ''
  }

  /** Whether somebody listens or waits: that is use, too (M26). */
  get isBusy(): boolean {
    return this.#exchanges.size > 0 || this.#standalone.attached
  }

  deliver(message: JsonRpcMessage, relatedTo: RequestId | undefined): void {
    const exchange = relatedTo === undefined ? undefined : this.#exchanges.get(relatedTo)
    if (exchange === undefined) this.#standalone.push(message)
    else exchange.deliver(message)
  }

  cancelled(id: RequestId): void {
    this.#exchanges.get(id)?.drop(id)
    this.#exchanges.delete(id)
  }

  /** Takes the messages of one POST that holds requests. */
  post(
    response: ServerResponse,
    messages: readonly JsonRpcMessage[],
    requests: readonly JsonRpcRequest[],
    options: { readonly isBatch: boolean; readonly headers: AnswerHeaders },
  ): void {
    const exchange = new PostExchange({
      ...options,
      response,
      requests,
      keepAliveMs: this.#times.keepAliveMs,
      primes: this.protocolVersion >= PRIMING_VERSION,
      openStream: () => this.#openStream(),
      onDone: () => {
        for (const { id } of requests) if (this.#exchanges.get(id) === exchange) this.#exchanges.delete(id)
      },
    })
    // An id that is open already belongs to the POST that came first.
    for (const { id } of requests) if (!this.#exchanges.has(id)) this.#exchanges.set(id, exchange)
    this.receive(messages)
  }

  /** Takes messages that ask nothing. */
  receive(messages: readonly JsonRpcMessage[]): void {
    for (const message of messages) this.#conversation?.receive(message)
  }

  /**
   * Opens the standalone stream, or goes on with any stream of the session.
   *
   * @returns false where there is a standalone stream already, or no such event.
   */
  listen(
    response: ServerResponse,
    lastEventId: string | undefined,
    headers: AnswerHeaders,
  ): 'opened' | 'taken' | 'unknown' {
    const last = lastEventId === undefined ? undefined : parseEventId(lastEventId)
    if (lastEventId !== undefined && last === undefined) return 'unknown'
    const stream = this.#streams.get(last?.stream ?? STANDALONE)
    if (stream === undefined) return 'unknown'
    if (last === undefined && stream.attached) return 'taken'
    const writer: EventWriter = openEvents(response, {
      keepAliveMs: this.#times.keepAliveMs,
      headers,
      onClosed: () => {
        stream.detach(writer)
        this.#writers.delete(writer)
      },
    })
    this.#writers.add(writer)
    writer.comment()
    stream.attach(writer, last === undefined ? {} : { after: last.sequence })
    return 'opened'
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer)
    for (const stream of this.#streams.values()) stream.finish()
    for (const [id, exchange] of this.#exchanges) exchange.drop(id)
    for (const writer of this.#writers) writer.end()
    this.#conversation?.close()
  }

  #openStream(): EventStream {
    this.#count += 1
    const name = this.#count
    const stream = new EventStream(name, POST_LIMITS)
    stream.whenFinished(() => {
      const timer = setTimeout(() => {
        this.#timers.delete(timer)
        this.#streams.delete(name)
      }, this.#times.replayMs)
      timer.unref()
      this.#timers.add(timer)
    })
    this.#streams.set(name, stream)
    return stream
  }
}
