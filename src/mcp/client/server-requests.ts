/** Requests of servers that a client is to answer. */
import type { HubTimes } from '../hub-context.ts'
import type { JsonRpcAnswer, JsonRpcMessage, JsonRpcRequest, RequestId } from '../json-rpc.ts'
import { isObject } from '../message-kind.ts'
import { answerError, RPC } from '../rpc-failure.ts'
import type { Connection } from '../upstream/connection.ts'

interface Asked {
  readonly connection: Connection
  /** As the server numbered it. */
  readonly id: RequestId
  /** On whose stream it came, as the connection told. */
  readonly cameOn: RequestId | undefined
  /** On whose stream it went to the client. */
  readonly wentOn: RequestId | undefined
  readonly progressToken: unknown
  readonly timer: NodeJS.Timeout
}

/** Several servers may use the same ids towards one client: here each gets another one, and its answer finds the way back (M49). */
export class ServerRequests {
  readonly #times: HubTimes
  readonly #tell: (message: JsonRpcMessage, relatedTo: RequestId | undefined) => void
  readonly #asked = new Map<RequestId, Asked>()
  #count = 0

  constructor(times: HubTimes, tell: (message: JsonRpcMessage, relatedTo: RequestId | undefined) => void) {
    this.#times = times
    this.#tell = tell
  }

  /** Asks the client. */
  ask(
    connection: Connection,
    request: JsonRpcRequest,
    cameOn: RequestId | undefined,
    wentOn: RequestId | undefined,
  ): void {
    this.#count += 1
    const id = this.#count
    const waitMs = request.method === 'elicitation/create' ? this.#times.elicitationMs : this.#times.clientAnswerMs
    const timer = setTimeout(() => this.#expire(id), waitMs)
    const meta = request.params?.['_meta']
    const progressToken = isObject(meta) ? meta['progressToken'] : undefined
    this.#asked.set(id, { connection, id: request.id, cameOn, wentOn, progressToken, timer })
    this.#tell({ ...request, id }, wentOn)
  }

  /** Gives an answer of the client back to the server that asked; an answer that nobody waits for is dropped. */
  answer(answer: JsonRpcAnswer): void {
    const { id } = answer
    const asked = id === undefined || id === null ? undefined : this.#asked.get(id)
    if (id === undefined || id === null || asked === undefined) return
    this.#take(id, asked)
    send(asked, { ...answer, id: asked.id })
  }

  /** The server does not want the answer any more. */
  withdraw(connection: Connection, notification: JsonRpcMessage): void {
    const params = isObject(notification['params']) ? notification['params'] : {}
    for (const [id, asked] of this.#asked) {
      if (asked.connection !== connection || asked.id !== params['requestId']) continue
      this.#take(id, asked)
      this.#tell({ ...notification, jsonrpc: '2.0', params: { ...params, requestId: id } }, asked.wentOn)
    }
  }

  /** Who is to hear of the client's progress on something that it was asked. */
  findByToken(token: unknown): Connection | undefined {
    for (const asked of this.#asked.values()) {
      if (token !== undefined && asked.progressToken === token) return asked.connection
    }
    return undefined
  }

  /** The connection is gone: nobody waits for these answers. */
  forget(connection: Connection): void {
    for (const [id, asked] of this.#asked) {
      if (asked.connection === connection) this.#take(id, asked)
    }
  }

  /** The client is gone: whoever waits is told so, that its call may end (M56). */
  refuseAll(): void {
    for (const [id, asked] of this.#asked) {
      this.#take(id, asked)
      send(asked, answerError(asked.id, { code: RPC.internal, message: 'The client has left.' }))
    }
  }

  #expire(id: RequestId): void {
    const asked = this.#asked.get(id)
    if (asked === undefined) return
    this.#take(id, asked)
    send(asked, answerError(asked.id, { code: RPC.internal, message: 'The client did not answer in time.' }))
    const params = { requestId: id, reason: 'no answer in time' }
    this.#tell({ jsonrpc: '2.0', method: 'notifications/cancelled', params }, asked.wentOn)
  }

  #take(id: RequestId, asked: Asked): void {
    clearTimeout(asked.timer)
    this.#asked.delete(id)
  }
}

function send({ connection, cameOn }: Asked, message: JsonRpcMessage): void {
  connection.send(message, cameOn === undefined ? {} : { relatedTo: cameOn })
}
