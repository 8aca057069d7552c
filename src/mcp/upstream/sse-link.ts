/** A server of the oldest HTTP transport: everything it says comes on one stream, everything it is told is posted (M3 to M9). */
import type { JsonRpcMessage, RequestId } from '../json-rpc.ts'
import { isRequest } from '../message-kind.ts'
import type { UpstreamFailure } from './connection.ts'
import { createEventReader } from './event-reader.ts'
import { explainHttpError, explainStatus } from './explain-http.ts'
import type { HttpLinkOptions } from './http-link-options.ts'
import type { Link, LinkListener } from './link.ts'
import { readMessages } from './read-message.ts'

export function openSseLink(options: HttpLinkOptions, listener: LinkListener): Link {
  const { server, url, http } = options
  const life = new AbortController()
  const { signal } = life
  const endpoint = Promise.withResolvers<URL>()
  // Whoever waits for it is told by `closed`.
  endpoint.promise.catch(() => {})
  /** Messages are posted one after the other, so that none overtakes another. */
  let posted: Promise<unknown> = endpoint.promise

  function end(failure: UpstreamFailure): void {
    if (signal.aborted) return
    life.abort()
    endpoint.reject(new Error(failure.message))
    listener.closed(failure)
  }

  async function read(): Promise<void> {
    const reply = await http.call({ method: 'GET', url, headers: { accept: 'text/event-stream' }, signal })
    const type = String(reply.headers['content-type'] ?? '')
    if (reply.status !== 200 || !/^text\/event-stream\b/i.test(type)) {
      reply.body.destroy()
      end(explainStatus(server, reply.status))
      return
    }
    const reader = createEventReader(options.messageBytes, ({ event, data }) => {
      if (event === 'endpoint') takeEndpoint(data)
      if (event !== 'message') return
      const bytes = Buffer.from(data)
      for (const message of readMessages(bytes) ?? []) listener.message(message, undefined, bytes.length)
    })
    for await (const chunk of reply.body) reader.push(chunk)
    end({ kind: 'closed', message: `The MCP server ${server} has ended its stream.` })
  }

  /** Elsewhere it would be given what is meant for this server. */
  function takeEndpoint(data: string): void {
    const target = URL.canParse(data, url.href) ? new URL(data, url) : undefined
    if (target?.origin === url.origin) endpoint.resolve(target)
    else end({ kind: 'protocol', message: `The MCP server ${server} wants its messages at another place.` })
  }

  async function post(message: JsonRpcMessage): Promise<void> {
    const target = await endpoint.promise
    const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' }
    const reply = await http.call({ method: 'POST', url: target, headers, body: JSON.stringify(message), signal })
    reply.body.resume()
    if (reply.status >= 300 && isRequest(message)) listener.failed(message.id, explainStatus(server, reply.status))
    // The session is gone, and with it whatever it still owed.
    if (reply.status === 404) end(explainStatus(server, 404))
  }

  function send(message: JsonRpcMessage): void {
    posted = posted
      .then(() => post(message))
      .catch((error: unknown) => {
        if (!signal.aborted && isRequest(message)) listener.failed(message.id, explainHttpError(server, error))
      })
  }

  // The listener hears nothing before the link is there.
  queueMicrotask(() => {
    read().catch((error: unknown) => end(explainHttpError(server, error)))
  })
  return {
    send,
    cancel: (notification, _id: RequestId) => send(notification),
    async close() {
      life.abort()
    },
  }
}
