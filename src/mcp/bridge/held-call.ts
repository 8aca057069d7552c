/** One call of a stateless client to a legacy server, over as many requests of the client as it takes. */
import type { HubTimes } from '../hub-context.ts'
import type { JsonObject, JsonRpcAnswer, JsonRpcNotification, JsonRpcRequest, RequestId } from '../json-rpc.ts'
import { isObject } from '../message-kind.ts'
import { answerError, RPC } from '../rpc-failure.ts'
import { statusOf } from '../stateless/modern-result.ts'
import type { StatelessCall } from '../stateless/stateless-call.ts'
import type { Connection, UpstreamFailure } from '../upstream/connection.ts'

/** How the answers of this call look. */
export interface AnswerMaker {
  readonly raise: (answer: JsonRpcAnswer) => JsonRpcAnswer
  readonly input: (inputRequests: JsonObject, requestState: string) => JsonObject
  readonly fail: (failure: UpstreamFailure) => JsonRpcAnswer
}

export interface HeldCallOptions {
  readonly call: StatelessCall
  readonly connection: Connection
  readonly make: AnswerMaker
  readonly times: HubTimes
  readonly seal: () => string
  readonly ended: () => void
}

interface Question {
  readonly request: JsonRpcRequest
  readonly cameOn: RequestId | undefined
}

export class HeldCall {
  readonly keyId: string
  readonly #options: HeldCallOptions
  /** As the server knows the call. */
  readonly #id: RequestId
  readonly #questions = new Map<string, Question>()
  /** Who waits for the answer just now; nobody between two requests of the client. */
  #current: StatelessCall | undefined
  #answer: JsonRpcAnswer | undefined
  #gathering: NodeJS.Timeout | undefined
  #expiry: NodeJS.Timeout | undefined
  #count = 0
  #isOver = false

  constructor(options: HeldCallOptions) {
    this.#options = options
    this.keyId = options.call.keyId
    this.#id = options.call.request.id
    this.#wait(options.call)
  }

  /** The server asks; questions that come together are told together. */
  asked(request: JsonRpcRequest, cameOn: RequestId | undefined): void {
    const { connection, times } = this.#options
    if (request.method === 'ping') {
      connection.send({ jsonrpc: '2.0', id: request.id, result: {} }, related(cameOn))
      return
    }
    this.#count += 1
    this.#questions.set(`input-${this.#count}`, { request, cameOn })
    this.#gathering ??= setTimeout(() => this.#tellQuestions(), times.gatherMs)
  }

  answered(answer: JsonRpcAnswer): void {
    if (answer.id !== this.#id) return
    this.#answer = this.#options.make.raise(answer)
    this.#deliver()
  }

  failed(failure: UpstreamFailure): void {
    if (this.#isOver || this.#answer !== undefined) return
    this.#answer = this.#options.make.fail(failure)
    this.#deliver()
  }

  notify(notification: JsonRpcNotification): void {
    if (notification.method !== 'notifications/cancelled') {
      this.#current?.reply.notify(notification)
      return
    }
    for (const [key, { request }] of this.#questions) {
      if (request.id === notification.params?.['requestId']) this.#questions.delete(key)
    }
  }

  /** The client has come back with answers; what it left out is asked again (M42). */
  resume(call: StatelessCall, responses: JsonObject): void {
    this.#wait(call)
    for (const [key, { request, cameOn }] of [...this.#questions]) {
      const response = responses[key]
      if (!isObject(response)) continue
      this.#questions.delete(key)
      this.#options.connection.send({ jsonrpc: '2.0', id: request.id, result: response }, related(cameOn))
    }
    if (this.#answer !== undefined) this.#deliver()
    else if (this.#questions.size > 0) this.#tellQuestions()
  }

  /** Cancels it at the server. */
  end(): void {
    if (this.#isOver) return
    for (const { request, cameOn } of this.#questions.values()) {
      const refusal = answerError(request.id, { code: RPC.internal, message: 'The client did not answer.' })
      this.#options.connection.send(refusal, related(cameOn))
    }
    const params = { requestId: this.#id, reason: 'the client has left' }
    this.#options.connection.send({ jsonrpc: '2.0', method: 'notifications/cancelled', params })
    this.#finish()
  }

  /** From now on this request of the client is the one to answer; if it goes, the call goes (M35). */
  #wait(call: StatelessCall): void {
    clearTimeout(this.#expiry)
    this.#current?.signal.removeEventListener('abort', this.#onAbort)
    this.#current = call
    call.signal.addEventListener('abort', this.#onAbort, { once: true })
  }

  #onAbort = (): void => this.end()

  #tellQuestions(): void {
    clearTimeout(this.#gathering)
    this.#gathering = undefined
    if (this.#current === undefined || this.#questions.size === 0 || this.#isOver) return
    const { seal, make, times } = this.#options
    const requests = [...this.#questions].map(([key, { request }]) => {
      const { method, params } = request
      return [key, params === undefined ? { method } : { method, params }]
    })
    const result = make.input(Object.fromEntries(requests), seal())
    this.#expiry = setTimeout(() => this.end(), times.holdMs)
    this.#expiry.unref()
    this.#reply({ jsonrpc: '2.0', id: this.#id, result })
  }

  #deliver(): void {
    if (this.#current === undefined || this.#answer === undefined) return
    this.#reply(this.#answer)
    this.#finish()
  }

  /** Each request of the client has its own id. */
  #reply(answer: JsonRpcAnswer): void {
    const call = this.#current
    if (call === undefined) return
    this.#current = undefined
    call.signal.removeEventListener('abort', this.#onAbort)
    const own = { ...answer, jsonrpc: '2.0' as const, id: call.request.id } as JsonRpcAnswer // another id, the same answer
    call.reply.finish(own, statusOf(own))
  }

  #finish(): void {
    this.#isOver = true
    clearTimeout(this.#gathering)
    clearTimeout(this.#expiry)
    this.#current?.signal.removeEventListener('abort', this.#onAbort)
    this.#current = undefined
    this.#options.connection.close()
    this.#options.ended()
  }
}

function related(cameOn: RequestId | undefined): { readonly relatedTo?: RequestId } {
  return cameOn === undefined ? {} : { relatedTo: cameOn }
}
