/** One client on one channel that tells nobody its revision: each message shows its era by itself (M1). */
import { ClientSession } from './client/client-session.ts'
import { tellEra } from './era.ts'
import type { HubContext } from './hub-context.ts'
import type { JsonRpcMessage, JsonRpcRequest, RequestId } from './json-rpc.ts'
import { isRequest } from './message-kind.ts'
import type { Scope } from './scope.ts'
import type { ScopeViews } from './scope-views.ts'
import type { StatelessServer } from './stateless/serve-stateless.ts'
import type { ClientHeaders } from './upstream/connection.ts'

export interface Conversation {
  receive(message: JsonRpcMessage): void
  close(): void
}

/** What all conversations of a hub share. */
export interface ConversationRoom {
  readonly context: HubContext
  readonly views: ScopeViews
  readonly stateless: StatelessServer
}

export interface ConversationOptions {
  readonly scope: Scope
  readonly keyId: string
  /** Of the request that has begun it, if it came so. */
  readonly clientHeaders?: ClientHeaders
  readonly deliver: (message: JsonRpcMessage) => void
}

export function beginConversation(room: ConversationRoom, options: ConversationOptions): Conversation {
  const { context, views, stateless } = room
  const { scope, keyId, deliver, clientHeaders = {} } = options
  const owner = context.randomId()
  const session = new ClientSession({ context, views, scope, owner, channel: { deliver }, clientHeaders })
  /** Modern requests that are open; there is no stream of their own whose end could cancel them (M45). */
  const open = new Map<RequestId, AbortController>()

  const serveModern = (request: JsonRpcRequest): void => {
    const abort = new AbortController()
    open.set(request.id, abort)
    const reply = {
      notify: deliver,
      finish(answer: JsonRpcMessage) {
        open.delete(request.id)
        deliver(answer)
      },
    }
    void stateless.serve({ request, headers: undefined, scope, keyId, reply, signal: abort.signal })
  }

  return {
    receive(message) {
      const cancelled = message['method'] === 'notifications/cancelled' ? readId(message) : undefined
      const abort = cancelled === undefined ? undefined : open.get(cancelled)
      if (cancelled !== undefined && abort !== undefined) {
        open.delete(cancelled)
        abort.abort()
      } else if (isRequest(message) && tellEra(message) === 'modern') {
        serveModern(message)
      } else {
        session.receive(message)
      }
    },
    close() {
      session.close()
      for (const abort of open.values()) abort.abort()
      open.clear()
    },
  }
}

function readId({ params }: JsonRpcMessage): RequestId | undefined {
  const id = typeof params === 'object' && params !== null && 'requestId' in params ? params.requestId : undefined
  return typeof id === 'string' || typeof id === 'number' ? id : undefined
}
