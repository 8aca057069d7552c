/** Requests of one client that have no answer yet. */
import type { JsonRpcRequest, RequestId } from '../json-rpc.ts'
import { isObject } from '../message-kind.ts'
import type { Connection } from '../upstream/connection.ts'

export interface OpenCall {
  readonly request: JsonRpcRequest
  /** Absent until a server has it. */
  connection: Connection | undefined
  /** It was sent once more after its connection was lost. */
  repeated: boolean
}

export class OpenCalls {
  /** In the order in which they came. */
  readonly #calls = new Map<RequestId, OpenCall>()

  add(request: JsonRpcRequest): OpenCall {
    const call: OpenCall = { request, connection: undefined, repeated: false }
    this.#calls.set(request.id, call)
    return call
  }

  has(id: RequestId): boolean {
    return this.#calls.has(id)
  }

  get(id: RequestId): OpenCall | undefined {
    return this.#calls.get(id)
  }

  delete(id: RequestId): boolean {
    return this.#calls.delete(id)
  }

  all(): OpenCall[] {
    return [...this.#calls.values()]
  }

  clear(): void {
    this.#calls.clear()
  }

  /** Who most likely caused what a server asks, where its transport does not tell (M54). */
  youngest(connection: Connection): OpenCall | undefined {
    return this.all().findLast((call) => call.connection === connection)
  }

  /** Who caused what a server says, where there is no doubt. */
  only(connection: Connection): OpenCall | undefined {
    const calls = this.all().filter((call) => call.connection === connection)
    return calls.length === 1 ? calls[0] : undefined
  }

  findByToken(connection: Connection, token: unknown): OpenCall | undefined {
    if (token === undefined) return undefined
    return this.all().find((call) => {
      const meta = call.request.params?.['_meta']
      return call.connection === connection && isObject(meta) && meta['progressToken'] === token
    })
  }
}
