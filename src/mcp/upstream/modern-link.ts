/** A server of the stateless revision over HTTP: one exchange per request, and nothing between them (M27, M34). */
import type { JsonObject, JsonRpcMessage, JsonRpcRequest, RequestId } from '../json-rpc.ts'
import { isRequest } from '../message-kind.ts'
import { explainHttpError, explainStatus } from './explain-http.ts'
import { exchange } from './http-exchange.ts'
import type { HttpLinkOptions } from './http-link-options.ts'
import { keyOfId } from './id-key.ts'
import type { Link, LinkListener } from './link.ts'
import { writeMirrorHeaders } from './mirror-headers.ts'
import { readRefusal } from './read-refusal.ts'
import { isRepeatable } from './repeatable.ts'

export interface ModernLinkOptions extends HttpLinkOptions {
  /** Schema of a tool's arguments, as the server has listed it. */
  readonly inputSchemaOf: (tool: string) => JsonObject | undefined
}

/** The answer ends its stream (M23); where it does not, we do. */
const LINGER_MS = 1000

const HEADERS = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' }

export function openModernLink(options: ModernLinkOptions, listener: LinkListener): Link {
  const { server, url, http } = options
  const running = new Map<string, AbortController>()

  async function run(request: JsonRpcRequest, signal: AbortSignal, mayRepeat: boolean): Promise<void> {
    let isAnswered = false
    const order = {
      method: 'POST',
      url,
      headers: { ...HEADERS, ...writeMirrorHeaders(request, options.inputSchemaOf) },
      body: JSON.stringify(request),
      signal,
    } as const
    try {
      const outcome = await exchange(http, order, options.messageBytes, {
        message(message, bytes) {
          if (signal.aborted) return
          if (keyOfId(message['id']) === keyOfId(request.id) && !isRequest(message)) {
            isAnswered = true
            options.clock.after(LINGER_MS, () => running.get(keyOfId(request.id))?.abort())
          }
          listener.message(message, request.id, bytes)
        },
      })
      if (isAnswered || signal.aborted) return
      if (outcome.type === 'refused') {
        const answer = readRefusal(outcome.text, request.id)
        if (answer === undefined) listener.failed(request.id, explainStatus(server, outcome.status))
        else listener.message(answer, request.id, outcome.text.length)
      } else {
        const problem = outcome.type === 'garbled' ? outcome.problem : 'ended its answer too early'
        const kind = outcome.type === 'garbled' ? 'protocol' : 'closed'
        listener.failed(request.id, { kind, message: `The MCP server ${server} ${problem}.` })
      }
    } catch (error) {
      if (signal.aborted || isAnswered) return
      if (mayRepeat && isRepeatable(request.method)) return run(request, signal, false)
      listener.failed(request.id, explainHttpError(server, error))
    }
  }

  return {
    send(message: JsonRpcMessage) {
      // A client of this revision sends nothing else: what it asked for is ended by closing its stream.
      if (!isRequest(message)) return
      const controller = new AbortController()
      const key = keyOfId(message.id)
      running.set(key, controller)
      void run(message, controller.signal, true).finally(() => running.delete(key))
    },
    cancel(_notification, id: RequestId) {
      running.get(keyOfId(id))?.abort()
    },
    async close() {
      for (const controller of running.values()) controller.abort()
    },
  }
}
