/** A session over Streamable HTTP (2025-03-26 to 2025-11-25). */
import type { JsonRpcMessage, JsonRpcNotification, JsonRpcRequest, RequestId } from '../json-rpc.ts'
import { isRequest } from '../message-kind.ts'
import { explainHttpError, explainStatus } from './explain-http.ts'
import { type ExchangeSink, exchange, type Outcome } from './http-exchange.ts'
import type { HttpLinkOptions } from './http-link-options.ts'
import { createHttpSession } from './http-session.ts'
import { keyOfId } from './id-key.ts'
import type { Link, LinkListener } from './link.ts'
import { readRefusal } from './read-refusal.ts'
import { isRepeatable } from './repeatable.ts'

/** How long to wait before a stream is taken up again, where the server does not say. */
const RETRY_MS = 1000
const MAX_RETRY_MS = 30_000
/** In a row, without a single event. */
const MAX_RESUMPTIONS = 5
/** The answer ends its stream (M23); where it does not, we do. */
const LINGER_MS = 1000
const GOODBYE_MS = 2000

export function openStreamableLink(options: HttpLinkOptions, listener: LinkListener): Link {
  const { server, url, http, clock, messageBytes } = options
  const running = new Map<string, AbortController>()
  const life = new AbortController()
  const session = createHttpSession(post)
  /** Nothing may overtake the word that the handshake is over. */
  let ready: Promise<unknown> = Promise.resolve()
  let hasStandingStream = false

  function post(message: JsonRpcMessage, signal: AbortSignal, sink: ExchangeSink): Promise<Outcome> {
    const headers = {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...session.headers(),
    }
    return exchange(http, { method: 'POST', url, headers, body: JSON.stringify(message), signal }, messageBytes, sink)
  }

  async function run(request: JsonRpcRequest, signal: AbortSignal, end: () => void): Promise<void> {
    await ready
    let isAnswered = false
    const sink: ExchangeSink = {
      headers: (reply) => session.sawHeaders(request, reply),
      message(message, bytes) {
        if (signal.aborted) return
        if (keyOfId(message['id']) === keyOfId(request.id) && !isRequest(message)) {
          isAnswered = true
          clock.after(LINGER_MS, end)
          session.sawAnswer(request, message)
        }
        listener.message(message, request.id, bytes)
      },
    }
    try {
      let outcome = await attempt(request, signal, sink)
      for (
        let resumptions = 0;
        !isAnswered && isResumable(outcome) && resumptions < MAX_RESUMPTIONS;
        resumptions += 1
      ) {
        const before = outcome.lastEventId
        await wait(outcome.retryMs ?? RETRY_MS, signal)
        outcome = await listen(before, signal, sink)
        if (isResumable(outcome) && outcome.lastEventId !== before) resumptions = 0
      }
      if (!isAnswered && !signal.aborted) refuse(request, outcome)
    } catch (error) {
      if (!isAnswered && !signal.aborted) listener.failed(request.id, explainHttpError(server, error))
    }
  }

  /** Once more where the session was lost (M83), or where nothing can have been done (M84). */
  async function attempt(request: JsonRpcRequest, signal: AbortSignal, sink: ExchangeSink): Promise<Outcome> {
    const before = session.id()
    const outcome = await post(request, signal, sink).catch((error: unknown) => {
      if (signal.aborted || !isRepeatable(request.method)) throw error
      return post(request, signal, sink)
    })
    if (!session.wasLost(outcome, before)) return outcome
    await session.renew(before, life.signal)
    openStandingStream()
    return post(request, signal, sink)
  }

  function refuse(request: JsonRpcRequest, outcome: Outcome): void {
    if (outcome.type === 'refused') {
      const answer = readRefusal(outcome.text, request.id)
      if (answer !== undefined) listener.message(answer, request.id, outcome.text.length)
      else listener.failed(request.id, explainStatus(server, outcome.status))
      return
    }
    const problem = outcome.type === 'garbled' ? outcome.problem : 'ended its answer too early'
    const kind = outcome.type === 'garbled' ? 'protocol' : 'closed'
    listener.failed(request.id, { kind, message: `The MCP server ${server} ${problem}.` })
  }

  function listen(lastEventId: string | undefined, signal: AbortSignal, sink: ExchangeSink): Promise<Outcome> {
    const resume = lastEventId === undefined ? {} : { 'last-event-id': lastEventId }
    const headers = { accept: 'text/event-stream', ...session.headers(), ...resume }
    return exchange(http, { method: 'GET', url, headers, signal }, messageBytes, sink)
  }

  /** What belongs to no request comes here, if the server has it at all (M19). */
  function openStandingStream(): void {
    if (hasStandingStream) return
    hasStandingStream = true
    void stand().finally(() => {
      hasStandingStream = false
    })
  }

  async function stand(): Promise<void> {
    let retryMs = RETRY_MS
    let lastEventId: string | undefined
    while (!life.signal.aborted) {
      let heard = false
      const sink: ExchangeSink = {
        message: (message, bytes) => {
          heard = true
          listener.message(message, undefined, bytes)
        },
      }
      const outcome = await listen(lastEventId, life.signal, sink).catch(() => undefined)
      if (outcome?.type === 'refused' || outcome?.type === 'garbled') return
      lastEventId = outcome?.lastEventId ?? lastEventId
      retryMs = heard ? (outcome?.retryMs ?? RETRY_MS) : Math.min(MAX_RETRY_MS, 2 * retryMs)
      await wait(retryMs, life.signal)
    }
  }

  function wait(delayMs: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const stop = clock.after(delayMs, resolve)
      const end = (): void => {
        stop()
        resolve()
      }
      if (signal.aborted) end()
      else signal.addEventListener('abort', end, { once: true })
    })
  }

  async function tell(message: JsonRpcMessage): Promise<void> {
    const sent = ready.then(() => post(message, life.signal, { message() {} })).catch(() => {})
    if (message['method'] !== 'notifications/initialized') return
    ready = sent
    await sent
    openStandingStream()
  }

  return {
    send(message) {
      if (!isRequest(message)) {
        void tell(message)
        return
      }
      session.willSend(message)
      const controller = new AbortController()
      const key = keyOfId(message.id)
      running.set(key, controller)
      const signal = AbortSignal.any([controller.signal, life.signal])
      void run(message, signal, () => controller.abort()).finally(() => running.delete(key))
    },
    cancel(notification: JsonRpcNotification, id: RequestId) {
      void tell(notification)
      running.get(keyOfId(id))?.abort()
    },
    async close() {
      life.abort()
      if (session.id() === undefined) return
      const order = {
        method: 'DELETE',
        url,
        headers: session.headers(),
        signal: AbortSignal.timeout(GOODBYE_MS),
      } as const
      // A server that ends no sessions says 405 (M18).
      await http.call(order).then(
        (reply) => reply.body.destroy(),
        () => {},
      )
    },
  }
}

function isResumable(outcome: Outcome): outcome is Outcome & { readonly type: 'ended'; readonly lastEventId: string } {
  return outcome.type === 'ended' && outcome.lastEventId !== undefined
}
