/** What a session wants to hear of a modern server without asking: one `subscriptions/listen`, opened anew when that changes. */
import type { JsonObject, JsonRpcMessage, JsonRpcRequest, RequestId } from '../json-rpc.ts'
import { isObject } from '../message-kind.ts'
import { META } from '../revisions.ts'
import { stripSubscription } from './modern-meta.ts'

interface ListeningOptions {
  readonly number: () => RequestId
  readonly send: (message: JsonRpcMessage) => void
  /** Writes `_meta` into params. */
  readonly meta: (params: JsonObject) => JsonObject
  readonly tell: (message: JsonRpcMessage) => void
}

/** How a capability is listened for. */
const LISTS: readonly (readonly [capability: string, filter: string])[] = [
  ['tools', 'toolsListChanged'],
  ['prompts', 'promptsListChanged'],
  ['resources', 'resourcesListChanged'],
]

export class SessionListening {
  readonly #options: ListeningOptions
  readonly #lists: JsonObject
  readonly #uris = new Set<string>()
  #id: RequestId | undefined
  #heard = Promise.withResolvers<void>()

  /** @param capabilities of the server. */
  constructor(capabilities: JsonObject, options: ListeningOptions) {
    this.#options = options
    const announced = LISTS.filter(([capability]) => {
      const value = capabilities[capability]
      return isObject(value) && value['listChanged'] === true
    })
    this.#lists = Object.fromEntries(announced.map(([, filter]) => [filter, true]))
  }

  /** @returns when the server has said that it listens, or will not. */
  open(): Promise<void> {
    this.#heard.resolve()
    this.#heard = Promise.withResolvers()
    const wanted = { ...this.#lists, ...(this.#uris.size === 0 ? {} : { resourceSubscriptions: [...this.#uris] }) }
    const before = this.#id
    this.#id = undefined
    if (Object.keys(wanted).length > 0) {
      this.#id = this.#options.number()
      const params = this.#options.meta({ notifications: wanted })
      const request: JsonRpcRequest = { jsonrpc: '2.0', id: this.#id, method: 'subscriptions/listen', params }
      this.#options.send(request)
    } else {
      this.#heard.resolve()
    }
    // The new ear is open before the old one is shut, so that nothing is missed between them.
    if (before !== undefined) {
      this.#options.send({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: before } })
    }
    return this.#heard.promise
  }

  add(uri: string): Promise<void> {
    if (this.#uris.has(uri)) return this.#heard.promise
    this.#uris.add(uri)
    return this.open()
  }

  async remove(uri: string): Promise<void> {
    if (this.#uris.delete(uri)) await this.open()
  }

  /** @returns whether the notification came by this way; of those that come twice while ears are changed one is passed on. */
  take(message: JsonRpcMessage): boolean {
    const params = isObject(message['params']) ? message['params'] : {}
    const meta = params['_meta']
    if (!isObject(meta) || meta[META.subscriptionId] === undefined) return false
    if (meta[META.subscriptionId] !== this.#id) return true
    if (message['method'] === 'notifications/subscriptions/acknowledged') {
      this.#heard.resolve()
      return true
    }
    const stripped = stripSubscription(params)
    const { params: _, ...rest } = message
    this.#options.tell({
      ...rest,
      jsonrpc: '2.0',
      ...(Object.keys(stripped).length === 0 ? {} : { params: stripped }),
    } as JsonRpcMessage) // a notification without one of its members is one
    return true
  }

  /** @returns whether it was the listening that ended. */
  ended(id: RequestId): boolean {
    if (id !== this.#id) return false
    this.#id = undefined
    this.#heard.resolve()
    return true
  }
}
