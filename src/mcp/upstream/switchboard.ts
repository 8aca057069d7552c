/** Lets several callers speak over one link, none of whom ever sees what belongs to another (M49, M54). */
import type { JsonRpcMessage, JsonRpcNotification, JsonRpcRequest, RequestId } from '../json-rpc.ts'
import { isObject, isRequest } from '../message-kind.ts'
import { chooseReceivers, type OpenRequest } from './choose-receivers.ts'
import type { UpstreamFailure } from './connection.ts'
import { isNamedAnswer, keyOfId } from './id-key.ts'
import type { OpenLink } from './link.ts'
import { progressTokenOf, subscriptionOf, withParam, withProgressToken, withSubscription } from './mapped-members.ts'

export interface PortListener {
  message(message: JsonRpcMessage, relatedTo: RequestId | undefined, bytes: number): void
  failed(id: RequestId, failure: UpstreamFailure): void
  /** After `failed` for each request that was open. */
  closed(failure: UpstreamFailure): void
}

/** One caller's end. */
export interface Port {
  send(message: JsonRpcMessage, relatedTo?: RequestId): void
  /** Cancels what is open; the listener hears nothing more. */
  close(): void
}

/**
 * `verbatim`: its ids pass as they are; at most one in the life of a link. `mapped`: it gets ids that nobody else has.
 * `own`: the hub's, mapped too, and told nothing but its answers.
 */
export type PortKind = 'verbatim' | 'mapped' | 'own'

export interface Switchboard {
  attach(kind: PortKind, listener: PortListener): Port
  /** Callers that are attached, the hub itself not counted. */
  readonly callers: number
  /** From now on the callers are strangers: what cannot be told to be one's is nobody's (M55, M94). */
  separate(): void
  /** @param failure told to all who are attached; absent: they are not told. */
  close(failure?: UpstreamFailure): Promise<void>
}

export interface SwitchboardOptions {
  readonly open: OpenLink
  /** Ids that are made here begin so, and no others. */
  readonly idPrefix: string
  readonly onNotification: (method: string) => void
  readonly onClosed: (failure: UpstreamFailure) => void
}

interface PortState {
  readonly kind: PortKind
  readonly listener: PortListener
  /** URIs that it has subscribed to. */
  readonly watched: Set<string>
}

export function createSwitchboard(options: SwitchboardOptions): Switchboard {
  const all = new Set<PortState>()
  const ports = new Set<PortState>()
  const open = new Map<string, OpenRequest<PortState>>()
  const tokens = new Map<string, { readonly port: PortState; readonly token: unknown }>()
  const traffic = { ports, open, tokens, isShared: false }
  let ended: UpstreamFailure | undefined
  /** Requests of the server that wait for their answer. */
  const asked = new Map<string, { readonly port: PortState; readonly id: RequestId }>()
  let lastId = 0

  function nextId(): string {
    lastId += 1
    return `${options.idPrefix}${lastId}`
  }

  const link = options.open({ message: receive, failed, closed })

  function send(port: PortState, message: JsonRpcMessage, relatedTo: RequestId | undefined): void {
    if (isRequest(message)) {
      sendRequest(port, message)
    } else if (isNamedAnswer(message)) {
      if (asked.get(keyOfId(message.id))?.port !== port) return
      asked.delete(keyOfId(message.id))
      link.send(message, findOpen(port, relatedTo)?.wireId)
    } else if (message['method'] === 'notifications/cancelled') {
      // It has the method of a notification.
      cancel(port, message as JsonRpcNotification)
    } else {
      link.send(message)
    }
  }

  function sendRequest(port: PortState, request: JsonRpcRequest): void {
    const { id, method, params } = request
    const token = progressTokenOf(request)
    const isVerbatim = port.kind === 'verbatim'
    const wireId = isVerbatim ? id : nextId()
    const mapped = isVerbatim || token === undefined ? request : withProgressToken(request, wireId)
    open.set(keyOfId(wireId), { port, id, wireId, method, params })
    if (token !== undefined) tokens.set(keyOfId(isVerbatim ? token : wireId), { port, token })
    if (watch(port, method, String(params?.['uri']))) link.send(isVerbatim ? mapped : { ...mapped, id: wireId })
    else queueMicrotask(() => receive({ jsonrpc: '2.0', id: wireId, result: {} }, undefined, 0))
  }

  /** @returns whether the server is to know: as long as another caller watches, it must go on telling (M59). */
  function watch(port: PortState, method: string, uri: string): boolean {
    if (method === 'resources/subscribe') port.watched.add(uri)
    if (method !== 'resources/unsubscribe') return true
    port.watched.delete(uri)
    return ![...ports].some((other) => other.watched.has(uri))
  }

  function findOpen(port: PortState, id: unknown): OpenRequest<PortState> | undefined {
    if (port.kind === 'verbatim') {
      const request = open.get(keyOfId(id))
      return request?.port === port ? request : undefined
    }
    return open.values().find((request) => request.port === port && keyOfId(request.id) === keyOfId(id))
  }

  function cancel(port: PortState, notification: JsonRpcNotification): void {
    const request = findOpen(port, notification.params?.['requestId'])
    if (request === undefined) return
    forget(request)
    // It must not be cancelled (M24); whoever gives it up closes the link.
    if (request.method !== 'initialize')
      link.cancel(withParam(notification, 'requestId', request.wireId), request.wireId)
  }

  /** @param answer that of a task leaves its progress to come (M70). */
  function forget(request: OpenRequest<PortState>, answer?: JsonRpcMessage): void {
    open.delete(keyOfId(request.wireId))
    if (isObject(answer?.['result']) && answer['result']['task'] !== undefined) return
    const { port, wireId, params } = request
    const token = progressTokenOf({
      jsonrpc: '2.0',
      id: wireId,
      method: '',
      ...(params === undefined ? {} : { params }),
    })
    tokens.delete(keyOfId(port.kind === 'verbatim' ? token : wireId))
  }

  function receive(message: JsonRpcMessage, relatedTo: RequestId | undefined, bytes: number): void {
    const related = relatedTo === undefined ? undefined : open.get(keyOfId(relatedTo))
    if (isNamedAnswer(message)) receiveAnswer(message, bytes)
    else if (isRequest(message)) receiveRequest(message, related, bytes)
    // An answer without an id answers nothing.
    else if (typeof message['method'] === 'string') receiveNotification(message as JsonRpcNotification, related, bytes)
  }

  function receiveAnswer(message: JsonRpcMessage & { readonly id: RequestId }, bytes: number): void {
    const request = open.get(keyOfId(message.id))
    // Late, or for the second time (M50).
    if (request === undefined) return
    forget(request, message)
    const { port, id } = request
    const own = port.kind === 'verbatim' ? message : withSubscription({ ...message, id }, id)
    port.listener.message(own, undefined, bytes)
  }

  function receiveRequest(message: JsonRpcRequest, related: OpenRequest<PortState> | undefined, bytes: number): void {
    const { id, method } = message
    if (method === 'ping') {
      link.send({ jsonrpc: '2.0', id, result: {} }, related?.wireId)
      return
    }
    const [port] = traffic.isShared ? [] : chooseReceivers(message, related, traffic)
    if (port === undefined || port.kind === 'own') {
      const error = { code: -32601, message: `Nobody is there to answer ${method}` }
      link.send({ jsonrpc: '2.0', id, error }, related?.wireId)
      return
    }
    asked.set(keyOfId(id), { port, id })
    port.listener.message(message, related?.port === port ? related.id : undefined, bytes)
  }

  function receiveNotification(
    message: JsonRpcNotification,
    related: OpenRequest<PortState> | undefined,
    bytes: number,
  ): void {
    options.onNotification(message.method)
    if (message.method === 'notifications/cancelled') {
      const key = keyOfId(message.params?.['requestId'])
      asked.get(key)?.port.listener.message(message, undefined, bytes)
      asked.delete(key)
      return
    }
    for (const port of chooseReceivers(message, related, traffic)) {
      const own = port.kind === 'verbatim' ? message : restore(message)
      port.listener.message(own, related?.port === port ? related.id : undefined, bytes)
    }
  }

  /** What the caller had called it. */
  function restore(message: JsonRpcNotification): JsonRpcNotification {
    const progress = tokens.get(keyOfId(message.params?.['progressToken']))
    if (message.method === 'notifications/progress' && progress !== undefined) {
      return withParam(message, 'progressToken', progress.token)
    }
    const request = open.get(keyOfId(subscriptionOf(message)))
    return request === undefined ? message : withSubscription(message, request.id)
  }

  function failed(wireId: RequestId, failure: UpstreamFailure): void {
    const request = open.get(keyOfId(wireId))
    if (request === undefined) return
    forget(request)
    request.port.listener.failed(request.id, failure)
  }

  function closed(failure: UpstreamFailure): void {
    if (ended !== undefined) return
    ended = failure
    for (const request of [...open.values()]) failed(request.wireId, failure)
    const left = [...all]
    all.clear()
    ports.clear()
    options.onClosed(failure)
    for (const port of left) port.listener.closed(failure)
  }

  function detach(port: PortState): void {
    ports.delete(port)
    if (!all.delete(port)) return
    for (const { id } of [...open.values()].filter((candidate) => candidate.port === port)) {
      const params = { requestId: id, reason: 'The client has left' }
      cancel(port, { jsonrpc: '2.0', method: 'notifications/cancelled', params })
    }
    for (const uri of port.watched) {
      if ([...ports].some((other) => other.watched.has(uri))) continue
      // Its answer is nobody's.
      const id = nextId()
      link.send({ jsonrpc: '2.0', id, method: 'resources/unsubscribe', params: { uri } })
    }
    for (const [key, waiting] of [...asked]) {
      if (waiting.port !== port) continue
      asked.delete(key)
      link.send({ jsonrpc: '2.0', id: waiting.id, error: { code: -32603, message: 'The client has left' } })
    }
  }

  return {
    attach(kind, listener) {
      const port: PortState = { kind, listener, watched: new Set() }
      all.add(port)
      if (kind !== 'own') ports.add(port)
      // It has ended between the moment in which it was chosen and this one.
      if (ended !== undefined) setImmediate(listener.closed, ended)
      return { send: (message, relatedTo) => send(port, message, relatedTo), close: () => detach(port) }
    },
    get callers() {
      return ports.size
    },
    separate() {
      traffic.isShared = true
    },
    close(failure) {
      if (failure !== undefined) closed(failure)
      all.clear()
      ports.clear()
      open.clear()
      return link.close()
    },
  }
}
