/** What a session over Streamable HTTP consists of, so that it can be begun anew when the server has forgotten it (M83). */
import type { JsonObject, JsonRpcMessage, JsonRpcRequest } from '../json-rpc.ts'
import { isObject } from '../message-kind.ts'
import type { HttpReply } from './http-client.ts'
import type { ExchangeSink, Outcome } from './http-exchange.ts'

export interface HttpSession {
  id(): string | undefined
  headers(): Record<string, string>
  /** Remembers what has to be said again. */
  willSend(request: JsonRpcRequest): void
  sawHeaders(request: JsonRpcRequest, reply: HttpReply): void
  sawAnswer(request: JsonRpcRequest, answer: JsonRpcMessage): void
  /** @param id under which it was asked. */
  wasLost(outcome: Outcome, id: string | undefined): boolean
  /**
   * Begins anew, once for all who have noticed: handshake, log level, subscriptions.
   *
   * @param lost the session that was lost; nothing happens when there is another one by now.
   */
  renew(lost: string | undefined, signal: AbortSignal): Promise<void>
}

type Send = (message: JsonRpcMessage, signal: AbortSignal, sink: ExchangeSink) => Promise<Outcome>

export function createHttpSession(send: Send): HttpSession {
  let id: string | undefined
  let version: string | undefined
  let begin: JsonRpcRequest | undefined
  let level: JsonRpcRequest | undefined
  const watched = new Map<unknown, JsonRpcRequest>()
  let renewing: Promise<void> | undefined

  function sawHeaders(request: JsonRpcRequest, reply: HttpReply): void {
    const given = reply.headers['mcp-session-id']
    if (request.method === 'initialize' && typeof given === 'string') id = given
  }

  function sawAnswer(request: JsonRpcRequest, answer: JsonRpcMessage): void {
    const result = answer['result']
    if (request.method !== 'initialize' || !isObject(result)) return
    if (typeof result['protocolVersion'] === 'string') version = result['protocolVersion']
  }

  async function beginAnew(signal: AbortSignal): Promise<void> {
    if (begin === undefined) return
    id = undefined
    version = undefined
    const first = begin
    const ignore: ExchangeSink = { message() {} }
    await send(first, signal, {
      headers: (reply) => sawHeaders(first, reply),
      message: (message) => sawAnswer(first, message),
    })
    await send({ jsonrpc: '2.0', method: 'notifications/initialized' }, signal, ignore)
    for (const request of [level, ...watched.values()]) {
      if (request !== undefined) await send(request, signal, ignore)
    }
  }

  const REMEMBERED: Readonly<Record<string, (request: JsonRpcRequest, params: JsonObject) => void>> = {
    initialize: (request) => {
      begin = request
    },
    'logging/setLevel': (request) => {
      level = request
    },
    'resources/subscribe': (request, { uri }) => watched.set(uri, request),
    'resources/unsubscribe': (_request, { uri }) => watched.delete(uri),
  }

  return {
    id: () => id,
    headers: () => ({
      ...(id === undefined ? {} : { 'mcp-session-id': id }),
      ...(version === undefined ? {} : { 'mcp-protocol-version': version }),
    }),
    willSend(request) {
      REMEMBERED[request.method]?.(request, request.params ?? {})
    },
    sawHeaders,
    sawAnswer,
    wasLost(outcome, before) {
      if (before === undefined || outcome.type !== 'refused') return false
      // Some say it with another status (M83).
      return outcome.status === 404 || (outcome.status === 400 && /session not found/i.test(outcome.text))
    },
    async renew(lost, signal) {
      if (renewing === undefined && id !== lost) return
      renewing ??= beginAnew(signal).finally(() => {
        renewing = undefined
      })
      await renewing
    },
  }
}
