/** Listens to a modern server for changes of its lists, as long as somebody uses it: it tells only whom it was asked by (M38). */
import type { JsonObject } from '../json-rpc.ts'
import { isObject } from '../message-kind.ts'
import type { Connection, ServerFacts } from './connection.ts'

/** What may be listened to, by the capability that declares it. */
const WATCHED: Readonly<Record<string, string>> = {
  tools: 'toolsListChanged',
  prompts: 'promptsListChanged',
  resources: 'resourcesListChanged',
}

export class ModernWatch {
  readonly #meta: JsonObject
  #callers = 0
  #connection: Connection | undefined

  /** @param meta of the hub's own requests. */
  constructor(meta: JsonObject) {
    this.#meta = meta
  }

  /** Somebody uses the server. @param connect a connection of the hub's own, whose changes are heard by whoever makes it. */
  enter(facts: ServerFacts, connect: () => Connection): void {
    this.#callers += 1
    const notifications = wantedOf(facts)
    if (this.#connection !== undefined || Object.keys(notifications).length === 0) return
    this.#connection = connect()
    this.#connection.send({
      jsonrpc: '2.0',
      id: 'interlingua-watch',
      method: 'subscriptions/listen',
      params: { _meta: this.#meta, notifications },
    })
  }

  leave(): void {
    this.#callers -= 1
    if (this.#callers === 0) this.end()
  }

  /** It was ended from the other side, or the server was; whoever comes next listens anew. */
  end(): void {
    this.#connection?.close()
    this.#connection = undefined
  }
}

function wantedOf({ capabilities }: ServerFacts): JsonObject {
  const wanted = Object.entries(WATCHED).filter(([name]) => {
    const capability = capabilities[name]
    return isObject(capability) && capability['listChanged'] === true
  })
  return Object.fromEntries(wanted.map(([, member]) => [member, true]))
}
