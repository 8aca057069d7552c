/** A modern server, as a legacy client's session sees it. */
import type { JsonObject, JsonRpcAnswer, JsonRpcMessage, JsonRpcRequest, RequestId } from '../json-rpc.ts'
import { isAnswer, isObject, isRequest } from '../message-kind.ts'
import { NEWEST_LEGACY_VERSION } from '../revisions.ts'
import type { Connection, ConnectionListener, ServerFacts } from '../upstream/connection.ts'
import { InputRounds } from './input-rounds.ts'
import { stripModernResult, writeModernMeta } from './modern-meta.ts'
import { SessionListening } from './session-listening.ts'

/** One request of the client; what goes up for it is numbered anew with every round. */
interface Call {
  readonly request: JsonRpcRequest
  readonly rounds: InputRounds
  sentAs: RequestId
}

/**
 * Takes legacy messages and gives legacy messages; behind it every request is whole in itself. Levels, subscriptions and
 * rounds of input, which the server keeps no session for, are kept here.
 */
export class LegacyFace implements Connection {
  readonly server: string
  readonly facts: ServerFacts
  readonly #connection: Connection
  readonly #capabilities: JsonObject
  readonly #clientInfo: JsonObject | undefined
  readonly #calls = new Map<RequestId, Call>()
  /** By the id that went up. */
  readonly #sent = new Map<RequestId, Call>()
  readonly #listening: SessionListening
  #listener: ConnectionListener | undefined
  #logLevel: unknown
  #count = 0

  constructor(connection: Connection, capabilities: JsonObject, clientInfo: JsonObject | undefined) {
    this.server = connection.server
    this.#connection = connection
    this.#capabilities = capabilities
    this.#clientInfo = clientInfo
    const { extensions: _, ...offered } = connection.facts.capabilities
    this.facts = { ...connection.facts, era: 'legacy', protocolVersion: NEWEST_LEGACY_VERSION, capabilities: offered }
    this.#listening = new SessionListening(connection.facts.capabilities, {
      number: () => this.#number(),
      send: (message) => connection.send(message),
      meta: (params) => this.#meta(params),
      tell: (message) => this.#listener?.message(message, undefined),
    })
  }

  /** When what changes is heard: a call that goes before could change something unheard. */
  listening(): Promise<void> {
    return this.#listening.open()
  }

  /** @returns what is to listen to the server. */
  hear(listener: ConnectionListener): ConnectionListener {
    this.#listener = listener
    return {
      message: (message, relatedTo) => this.#fromServer(message, relatedTo),
      failed: (id, failure) => {
        if (this.#listening.ended(id)) return
        const call = this.#take(id)
        if (call !== undefined) listener.failed(call.request.id, failure)
      },
      closed: (failure) => listener.closed(failure),
    }
  }

  send(message: JsonRpcMessage): void {
    if (isRequest(message)) this.#request(message)
    else if (isAnswer(message)) this.#answered(message)
    else if (message.method === 'notifications/cancelled') this.#cancel(message)
    // Nothing else of what a legacy client notifies has a place in the stateless revision.
  }

  async ask(method: string, params: JsonObject | undefined, signal?: AbortSignal): Promise<JsonObject> {
    const own = this.#answerHere(method, params)
    if (own !== undefined) {
      await own
      return {}
    }
    const result = await this.#connection.ask(method, this.#meta(params), signal)
    const stripped = stripModernResult(result)
    return isObject(stripped) ? stripped : result
  }

  close(): void {
    this.#listener = undefined
    this.#connection.close()
  }

  #request(request: JsonRpcRequest): void {
    const own = this.#answerHere(request.method, request.params)
    if (own !== undefined) {
      void own.then(() => this.#listener?.message({ jsonrpc: '2.0', id: request.id, result: {} }, undefined))
      return
    }
    const call: Call = { request, sentAs: request.id, rounds: this.#rounds(request) }
    this.#calls.set(request.id, call)
    this.#sendUp(call, {})
  }

  /** What needs a session is done where the session is, and answered with an empty result. */
  #answerHere(method: string, params: JsonObject | undefined): Promise<void> | undefined {
    if (method === 'ping') return Promise.resolve()
    if (method === 'logging/setLevel') {
      this.#logLevel = params?.['level']
      return Promise.resolve()
    }
    const uri = params?.['uri']
    if (typeof uri !== 'string') return undefined
    if (method === 'resources/subscribe') return this.#listening.add(uri)
    return method === 'resources/unsubscribe' ? this.#listening.remove(uri) : undefined
  }

  #rounds(request: JsonRpcRequest): InputRounds {
    return new InputRounds({
      request,
      send: (more) => {
        const call = this.#calls.get(request.id)
        if (call !== undefined) this.#sendUp(call, more)
      },
      ask: (method, params) => {
        const id = this.#number()
        const asked = { jsonrpc: '2.0' as const, id, method, ...(isObject(params) ? { params } : {}) }
        // The question is told after its number is known to whoever waits for the answer.
        queueMicrotask(() => this.#listener?.message(asked, request.id))
        return id
      },
      finish: (answer) => this.#finish(request.id, answer),
    })
  }

  #sendUp(call: Call, more: JsonObject): void {
    this.#sent.delete(call.sentAs)
    // The first round bears the client's own id, which costs nothing and helps whoever reads both logs.
    if (Object.keys(more).length > 0) call.sentAs = this.#number()
    this.#sent.set(call.sentAs, call)
    const { request } = call
    this.#connection.send({ ...request, id: call.sentAs, params: this.#meta({ ...request.params, ...more }) })
  }

  #fromServer(message: JsonRpcMessage, relatedTo: RequestId | undefined): void {
    if (isAnswer(message)) {
      this.#result(message)
      return
    }
    if (this.#listening.take(message)) return
    const call = relatedTo === undefined ? undefined : this.#sent.get(relatedTo)
    this.#listener?.message(message, call?.request.id)
  }

  #result(answer: JsonRpcAnswer): void {
    const { id, result } = answer
    if (id === undefined || id === null || this.#listening.ended(id)) return
    const call = this.#sent.get(id)
    if (call === undefined) return
    this.#sent.delete(id)
    if (isObject(result) && result['resultType'] === 'input_required') {
      call.rounds.begin(result)
      return
    }
    const { request } = call
    const own = result === undefined ? answer : { ...answer, result: stripModernResult(result) }
    this.#finish(request.id, { ...own, id: request.id } as JsonRpcAnswer) // an answer with another id is one
  }

  #finish(id: RequestId, answer: JsonRpcAnswer): void {
    const call = this.#calls.get(id)
    if (call === undefined) return
    this.#calls.delete(id)
    this.#sent.delete(call.sentAs)
    this.#listener?.message(answer, id)
  }

  #answered(answer: JsonRpcAnswer): void {
    for (const call of [...this.#calls.values()]) {
      if (call.rounds.answered(answer)) return
    }
  }

  #cancel(notification: JsonRpcMessage): void {
    const params = isObject(notification['params']) ? notification['params'] : {}
    const id = params['requestId']
    if (typeof id !== 'string' && typeof id !== 'number') return
    const call = this.#calls.get(id)
    if (call === undefined) return
    this.#calls.delete(id)
    this.#sent.delete(call.sentAs)
    this.#connection.send({
      jsonrpc: '2.0',
      method: 'notifications/cancelled',
      params: { ...params, requestId: call.sentAs },
    })
  }

  #take(sentAs: RequestId): Call | undefined {
    const call = this.#sent.get(sentAs)
    this.#sent.delete(sentAs)
    if (call !== undefined) this.#calls.delete(call.request.id)
    return call
  }

  #meta(params: JsonObject | undefined): JsonObject {
    return writeModernMeta(params, {
      capabilities: this.#capabilities,
      clientInfo: this.#clientInfo,
      logLevel: this.#logLevel,
    })
  }

  /** No client of any sense numbers so. */
  #number(): RequestId {
    this.#count += 1
    return `interlingua:${this.#count}`
  }
}
