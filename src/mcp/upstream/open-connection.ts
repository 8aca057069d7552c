/** One caller's connection: its requests within their limits, with a sign of life asked for on its behalf. */
import type { JsonObject, JsonRpcAnswer, JsonRpcMessage, JsonRpcRequest, RequestId } from '../json-rpc.ts'
import { isRequest } from '../message-kind.ts'
import type { CallGate } from './call-gate.ts'
import { type CallTimer, startCallTimer, timesOf } from './call-timer.ts'
import type { Clock } from './clock.ts'
import type { Connection, ConnectionListener, ServerFacts, UpstreamFailure } from './connection.ts'
import { isNamedAnswer, keyOfId } from './id-key.ts'
import { progressTokenOf, withProgressToken } from './mapped-members.ts'
import type { PortKind, Switchboard } from './switchboard.ts'
import { UpstreamError } from './upstream-error.ts'
import type { UpstreamLimits } from './upstream-limits.ts'
import { UpstreamRefusal } from './upstream-refusal.ts'

export interface ConnectionOptions {
  readonly server: string
  readonly board: Switchboard
  readonly kind: PortKind
  readonly limits: UpstreamLimits
  readonly gate: CallGate
  readonly clock: Clock
  /** Ids that are made here begin so, and no others. */
  readonly idPrefix: string
  readonly listener: ConnectionListener
  /** After the connection was given back. */
  readonly onClose: () => void
}

interface Call {
  readonly request: JsonRpcRequest
  readonly answer: Waiting | undefined
  /** Absent while it waits for a place. */
  timer: CallTimer | undefined
  leave: () => void
}

/** Who waits for the answer to a request of the hub itself. */
interface Waiting {
  resolve(result: JsonObject): void
  reject(error: Error): void
}

/** @param facts as soon as they are known; a connection without them serves the handshake. */
export function openConnection(options: ConnectionOptions, facts: ServerFacts): Connection {
  const { server, limits, listener, clock } = options
  const calls = new Map<string, Call>()
  /** Tokens that the hub has put in; nobody asked to hear of them. */
  const ownTokens = new Map<string, Call>()
  const clientTokens = new Map<string, Call>()
  /** Requests of the server that its client has not answered yet. */
  const asked = new Set<string>()
  let lastId = 0
  let isClosed = false

  function nextId(): string {
    lastId += 1
    return `${options.idPrefix}${lastId}`
  }

  const port = options.board.attach(options.kind, { message: receive, failed: fail, closed })

  function begin(request: JsonRpcRequest, answer: Waiting | undefined): void {
    const call: Call = { request, answer, timer: undefined, leave: () => {} }
    const key = keyOfId(request.id)
    calls.set(key, call)
    const start = (): void => {
      const times = timesOf(request.method, limits)
      call.timer = startCallTimer(
        clock,
        times,
        () => asked.size > 0,
        (limitMs, wasIdle) => giveUp(call, limitMs, wasIdle),
      )
      port.send(withOwnToken(call))
    }
    // It may stay open for days and costs nothing.
    const isStanding = request.method === 'subscriptions/listen'
    const leave = isStanding ? undefined : options.gate.enter(start)
    if (isStanding) start()
    else if (leave === undefined) failLater(key, `${limits.calls} calls run and ${limits.queuedCalls} wait`)
    // The answer may have come within `start` already.
    else if (calls.get(key) === call) call.leave = leave
    else leave()
  }

  /** A server that reports progress is alive; without a token it would not (M52). */
  function withOwnToken(call: Call): JsonRpcRequest {
    const { request } = call
    const token = progressTokenOf(request)
    if (token !== undefined) {
      clientTokens.set(keyOfId(token), call)
      return request
    }
    if (request.method !== 'tools/call') return request
    const own = nextId()
    ownTokens.set(keyOfId(own), call)
    return withProgressToken(request, own)
  }

  function finish(key: string, answer?: JsonRpcMessage): Call | undefined {
    const call = calls.get(key)
    if (call === undefined) return undefined
    calls.delete(key)
    call.timer?.stop()
    call.leave()
    // A task that was begun reports on.
    if (!startsTask(answer)) {
      for (const tokens of [ownTokens, clientTokens])
        for (const [token, owner] of tokens) if (owner === call) tokens.delete(token)
    }
    return call
  }

  function tell(call: Call, failure: UpstreamFailure): void {
    if (call.answer !== undefined) call.answer.reject(new UpstreamError(failure))
    else if (!isClosed) listener.failed(call.request.id, failure)
  }

  function fail(id: RequestId, failure: UpstreamFailure): void {
    const call = finish(keyOfId(id))
    if (call !== undefined) tell(call, failure)
  }

  function failLater(key: string, reason: string): void {
    queueMicrotask(() => {
      const call = finish(key)
      if (call !== undefined)
        tell(call, { kind: 'overloaded', message: `The MCP server ${server} is busy: ${reason}.` })
    })
  }

  function giveUp(call: Call, limitMs: number, wasIdle: boolean): void {
    const { id, method } = call.request
    cancel(id, 'It took too long')
    const within = wasIdle
      ? `gave no sign of life for ${limitMs / 1000} s`
      : `did not answer within ${limitMs / 1000} s`
    tell(call, {
      kind: 'timeout',
      message: `The MCP server ${server} ${within} after ${method}; the call was cancelled.`,
    })
  }

  /** @returns whether it was there to be cancelled. */
  function cancel(requestId: RequestId, reason: string): boolean {
    const call = finish(keyOfId(requestId))
    if (call === undefined) return false
    port.send({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId, reason } })
    return true
  }

  function receive(message: JsonRpcMessage, relatedTo: RequestId | undefined, bytes: number): void {
    if (isNamedAnswer(message)) {
      const call = finish(keyOfId(message.id), message)
      if (call !== undefined) deliver(call, message, bytes)
      return
    }
    if (relatedTo !== undefined) calls.get(keyOfId(relatedTo))?.timer?.renew()
    if (message['method'] === 'notifications/progress' && !isWanted(message)) return
    if (isRequest(message)) asked.add(keyOfId(message.id))
    listener.message(message, relatedTo)
  }

  /** Whether the client has asked for this progress, and the answer has not come. */
  function isWanted(message: JsonRpcMessage): boolean {
    const { params } = message as { readonly params?: JsonObject }
    const key = keyOfId(params?.['progressToken'])
    const call = clientTokens.get(key) ?? ownTokens.get(key)
    call?.timer?.renew()
    return clientTokens.has(key)
  }

  function deliver(call: Call, message: JsonRpcAnswer, bytes: number): void {
    if (bytes > limits.answerBytes) {
      const size = `${Math.ceil(bytes / 1024 / 1024)} MiB, more than the ${limits.answerBytes / 1024 / 1024} MiB allowed`
      tell(call, { kind: 'too-large', message: `The answer of the MCP server ${server} has ${size}.` })
    } else if (call.answer === undefined) {
      listener.message(message, undefined)
    } else if ('error' in message) {
      call.answer.reject(new UpstreamRefusal((message as { readonly error: UpstreamRefusal['error'] }).error))
    } else {
      // A result is an object; whoever reads it looks at its members.
      call.answer.resolve((message['result'] ?? {}) as JsonObject)
    }
  }

  function closed(failure: UpstreamFailure): void {
    if (isClosed) return
    isClosed = true
    for (const key of [...calls.keys()]) {
      const call = finish(key)
      if (call?.answer !== undefined) call.answer.reject(new UpstreamError(failure))
      else if (call !== undefined) listener.failed(call.request.id, failure)
    }
    listener.closed(failure)
  }

  function ask(method: string, params: JsonObject | undefined, signal?: AbortSignal): Promise<JsonObject> {
    const id = nextId()
    return new Promise((resolve, reject) => {
      const failure = (kind: UpstreamFailure['kind'], message: string) => new UpstreamError({ kind, message })
      if (isClosed) return reject(failure('closed', `The connection to the MCP server ${server} is closed.`))
      const onAbort = (): void => {
        if (cancel(id, 'Nobody waits any more')) reject(failure('cancelled', `${method} was cancelled.`))
      }
      signal?.addEventListener('abort', onAbort, { once: true })
      const settle =
        <Value>(run: (value: Value) => void) =>
        (value: Value): void => {
          signal?.removeEventListener('abort', onAbort)
          run(value)
        }
      begin(
        { jsonrpc: '2.0', id, method, ...(params === undefined ? {} : { params }) },
        {
          resolve: settle(resolve),
          reject: settle(reject),
        },
      )
      if (signal?.aborted === true) onAbort()
    })
  }

  return {
    server,
    facts,
    ask,
    send(message, { relatedTo } = {}) {
      if (isClosed) {
        if (isRequest(message)) {
          const { id } = message
          queueMicrotask(() =>
            listener.failed(id, { kind: 'closed', message: `The connection to the MCP server ${server} is closed.` }),
          )
        }
      } else if (isRequest(message)) {
        begin(message, undefined)
      } else if (message['method'] === 'notifications/cancelled') {
        const { params } = message as { readonly params?: JsonObject }
        const call = finish(keyOfId(params?.['requestId']))
        if (call?.timer !== undefined) port.send(message)
      } else {
        if (isNamedAnswer(message)) asked.delete(keyOfId(message.id))
        port.send(message, relatedTo)
      }
    },
    close() {
      if (isClosed) return
      isClosed = true
      for (const key of [...calls.keys()]) {
        const call = finish(key)
        call?.answer?.reject(new UpstreamError({ kind: 'cancelled', message: `The call of ${server} was cancelled.` }))
      }
      port.close()
      options.onClose()
    },
  }
}

function startsTask(answer: JsonRpcMessage | undefined): boolean {
  const result = answer?.['result']
  return typeof result === 'object' && result !== null && 'task' in result
}
