/** Gives the client its answer as a stream, event by event as the back end tells it. */
import type { ReplyContext, StreamEncoder } from '../../protocols/codec.ts'
import { type Collector, createCollector } from '../../protocols/ir/collect.ts'
import { type ApiError, ApiFailure } from '../../protocols/ir/error.ts'
import type { StreamEvent } from '../../protocols/ir/event.ts'
import { createStreamAnswer, type StreamAnswer } from '../http/stream-answer.ts'
import type { UpstreamAnswer, UpstreamBody } from '../upstream/upstream.ts'
import { kindOfAnswer } from './answer-kind.ts'
import { createUsageEstimator } from './estimate-usage.ts'
import type { Exchange } from './exchange.ts'
import { endedBy } from './failure.ts'
import type { GatewayContext } from './gateway-context.ts'
import { holdOpening } from './hold-opening.ts'
import { keepAnswer } from './keep-answer.ts'
import type { Plan } from './plan.ts'
import { pickHeaders } from './plan-call.ts'
import { createReplyContext } from './reply-context.ts'
import { replyHeaders } from './reply-headers.ts'
import type { RequestSource } from './request-source.ts'
import { tellAnswer } from './steps/tell-steps.ts'

export interface StreamReply {
  /** Part of an answer has been sent: there is no second attempt any more. */
  readonly begun: boolean
  /** Settles when the answer has been sent to its end. @throws ApiFailure when nothing of it has been sent. */
  send(plan: Plan, answer: UpstreamAnswer): Promise<void>
  /**
   * Tells an error inside the stream, if the stream is open.
   * @returns whether it was told; else the reply has let go and the error is to be answered as such.
   */
  fail(error: ApiError): boolean
}

/** Starts to watch the client at once: what takes long is bridged with keep-alives. */
export function createStreamReply(exchange: Exchange, source: RequestSource, context: GatewayContext): StreamReply {
  return new Reply(exchange, source, context)
}

class Reply implements StreamReply {
  begun = false
  readonly #exchange: Exchange
  readonly #source: RequestSource
  readonly #context: GatewayContext
  readonly #answer: StreamAnswer
  #body: UpstreamBody | undefined
  #reply: ReplyContext | undefined
  #returnedHeaders: Record<string, string> = {}
  #betweenEvents: () => boolean = () => true

  constructor(exchange: Exchange, source: RequestSource, context: GatewayContext) {
    this.#exchange = exchange
    this.#source = source
    this.#context = context
    const { stream } = exchange.codec
    const { contentType, keepAlive } = stream.form?.(exchange.wire) ?? stream
    this.#answer = createStreamAnswer(exchange.response, {
      contentType,
      keepAlive,
      ...context.streamTimes,
      // A silence so long commits the status, but no content: the next target can still be tried.
      onSilence: () => this.#open(),
      mayKeepAlive: () => this.#betweenEvents(),
      onDrain: () => this.#body?.resume(),
      onClosed: () => exchange.abort.abort(),
    })
  }

  async send(plan: Plan, given: UpstreamAnswer): Promise<void> {
    const kind = kindOfAnswer(given, plan.codec, 'stream')
    const isHeld = plan.offersTools && kind === 'stream'
    const answer = isHeld ? { ...given, body: holdOpening(given.body, plan) } : given
    this.#body = answer.body
    if (plan.codec.name === this.#exchange.codec.name) {
      this.#returnedHeaders = pickHeaders(answer.headers, plan.codec.returnedHeaders)
    }
    if (plan.road === 'relay' && kind === 'stream') await this.#relay(plan, answer)
    else await this.#translate(plan, answer, kind)
    this.#answer.end()
  }

  fail(error: ApiError): boolean {
    this.#exchange.record.error = error
    if (!this.#answer.opened) {
      this.#answer.abandon()
      return false
    }
    if (this.#betweenEvents()) {
      this.#answer.write(this.#encoder().encode({ type: 'error', error }))
      this.#answer.end()
    } else {
      // In the middle of an event nothing of ours would be understood.
      this.#answer.destroy()
    }
    return true
  }

  #open(): void {
    this.#answer.open(200, { ...this.#returnedHeaders, ...replyHeaders(this.#exchange) })
  }

  #begin(): void {
    if (this.begun) return
    this.begun = true
    this.#exchange.record.firstByteMs ??= performance.now() - this.#exchange.startedAt
    this.#open()
  }

  #encoder(): StreamEncoder {
    return this.#exchange.codec.stream.encoder(this.#replyContext())
  }

  /** Made once: what is told of time in the stream and in the answer that is kept must agree. */
  #replyContext(): ReplyContext {
    this.#reply ??= createReplyContext(this.#exchange, this.#source, this.#context)
    return this.#reply
  }

  /** The same bytes; a tap reads along. */
  #relay(plan: Plan, { body }: UpstreamAnswer): Promise<void> {
    const { record } = this.#exchange
    const tap = plan.codec.stream.tap()
    this.#betweenEvents = () => tap.betweenEvents
    const note = () => {
      const usage = tap.usage()
      if (usage !== undefined) record.usage = usage
    }
    return new Promise((resolve, reject) => {
      body.pipe({
        data: (chunk) => {
          this.#begin()
          tap.push(chunk)
          return this.#answer.write(chunk)
        },
        end: () => {
          note()
          if (this.begun) resolve()
          else reject(new ApiFailure(EMPTY_STREAM))
        },
        fail: (failure) => {
          note()
          reject(failure)
        },
      })
    })
  }

  async #translate(plan: Plan, answer: UpstreamAnswer, kind: 'whole' | 'stream'): Promise<void> {
    // Each attempt is served by another model.
    this.#reply = undefined
    const { record } = this.#exchange
    const encoder = this.#encoder()
    const collector = createCollector()
    let early: ApiError | undefined
    const encode = (told: StreamEvent): boolean => {
      let event = told
      if (event.type === 'usage') record.usage = event.usage
      if (event.type === 'error') {
        if (!this.begun) {
          early = event.error
          return true
        }
        // What ended the call from outside says more than that it was ended.
        const error = endedBy(this.#exchange.abort.signal)?.error ?? event.error
        record.error = error
        event = { type: 'error', error }
      }
      collector.push(event)
      const text = encoder.encode(event)
      if (text === '') return true
      this.#begin()
      return this.#answer.write(text)
    }
    const counted = createUsageEstimator(this.#replyContext().estimatedInputTokens, encode)
    await tellAnswer(plan, answer, {
      exchange: this.#exchange,
      context: this.#context,
      form: 'stream',
      kind,
      id: this.#replyContext().id,
      graceMs: this.#context.graceMs,
      take: counted,
    })
    record.losses.push(...encoder.losses)
    this.#remember(collector, plan)
    if (early !== undefined) throw new ApiFailure(early)
  }

  #remember({ result }: Collector, { scope }: Plan): void {
    if (result === undefined || 'error' in result) return
    const { codec } = this.#exchange
    const { response } = result
    if (scope !== undefined) {
      for (const choice of response.choices) this.#context.reasoning.remember(scope, choice.parts)
    }
    if (codec.stored === undefined) return
    const { body } = codec.response.encode(response, this.#replyContext())
    keepAnswer(this.#exchange, this.#source, response, body, this.#context)
  }
}

const EMPTY_STREAM: ApiError = {
  kind: 'upstream-failed',
  message: 'The provider opened a stream and ended it without a word.',
  source: 'provider',
}
