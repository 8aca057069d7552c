/** One legacy client, from `initialize` to its end: every message of it is routed here, and every message for it. */
import { answerFailure, answerThrown } from '../answer-failure.ts'
import type { HubContext } from '../hub-context.ts'
import type {
  JsonObject,
  JsonRpcAnswer,
  JsonRpcMessage,
  JsonRpcNotification,
  JsonRpcRequest,
  RequestId,
} from '../json-rpc.ts'
import { kindsOfChange } from '../lists.ts'
import { mayRepeat } from '../may-repeat.ts'
import { isAnswer, isNotification, isObject, isRequest } from '../message-kind.ts'
import { RPC, RpcFailure } from '../rpc-failure.ts'
import type { Scope } from '../scope.ts'
import type { ListWatch, ScopeViews } from '../scope-views.ts'
import type { ClientHeaders, Connection, ConnectionListener, UpstreamFailure } from '../upstream/connection.ts'
import { answerRequest, type SessionState } from './answer-request.ts'
import type { ClientChannel } from './client-channel.ts'
import { OpenCalls } from './open-calls.ts'
import { ServerRequests } from './server-requests.ts'
import { SessionLists } from './session-lists.ts'
import { SessionUpstreams } from './session-upstreams.ts'
import { TaskOwners } from './task-owners.ts'

export interface ClientSessionOptions {
  readonly context: HubContext
  readonly views: ScopeViews
  readonly scope: Scope
  /** Names this session towards the connections; not its id. */
  readonly owner: string
  readonly channel: ClientChannel
  /** Of the request that has begun the session (M88). */
  readonly clientHeaders?: ClientHeaders
}

export class ClientSession {
  readonly #channel: ClientChannel
  readonly #calls = new OpenCalls()
  readonly #asked: ServerRequests
  readonly #state: SessionState
  readonly #watch: ListWatch
  readonly #strays = new WeakSet<Connection>()
  #initialized = false
  #closed = false

  constructor({ context, views, scope, owner, channel, clientHeaders = {} }: ClientSessionOptions) {
    this.#channel = channel
    this.#asked = new ServerRequests(context.times, (message, relatedTo) => channel.deliver(message, relatedTo))
    const lists = new SessionLists(context, views, scope, () => this.#watch.settle())
    const state: SessionState = {
      context,
      scope,
      lists,
      tasks: new TaskOwners(),
      client: { protocolVersion: '', capabilities: {}, clientInfo: undefined },
      upstreams: new SessionUpstreams({
        context,
        owner,
        clientHeaders,
        client: () => state.client,
        listenTo: (connection) => this.#listenTo(connection),
        isBusy: () => channel.isBusy ?? true,
        released: (connection) => this.#lost(connection),
      }),
    }
    this.#state = state
    const tell = (methods: ReadonlySet<string>): void => {
      if (this.#initialized) for (const method of methods) channel.deliver({ jsonrpc: '2.0', method }, undefined)
    }
    this.#watch = views.watch(
      tell,
      () => lists.view(),
      (server) => state.upstreams.has(server),
    )
  }

  /** The version that was agreed on; empty before `initialize`. */
  get protocolVersion(): string {
    return this.#state.client.protocolVersion
  }

  receive(message: JsonRpcMessage): void {
    if (isRequest(message)) void this.#serve(message)
    else if (isNotification(message)) this.#notified(message)
    else if (isAnswer(message)) this.#asked.answer(message)
  }

  /** Cancels what is open and gives the connections back. */
  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#watch.stop()
    this.#asked.refuseAll()
    for (const call of this.#calls.all()) call.connection?.send(cancellation(call.request.id, 'the client has left'))
    this.#calls.clear()
    this.#state.upstreams.close()
  }

  async #serve(request: JsonRpcRequest): Promise<void> {
    if (this.#calls.has(request.id)) {
      const failure = new RpcFailure(RPC.invalidRequest, 'A request with this id is open already.')
      this.#channel.deliver(answerThrown(request, failure, this.#state.context.report), request.id)
      return
    }
    const call = this.#calls.add(request)
    try {
      const served = await answerRequest(this.#state, request)
      if ('result' in served) {
        this.#finish({ jsonrpc: '2.0', id: request.id, result: served.result })
        return
      }
      const connection = await this.#state.upstreams.get(served.server)
      // Cancelled while the server was being started: it never hears of it.
      if (this.#calls.get(request.id) !== call) return
      call.connection = connection
      connection.send(served.message)
      this.#state.upstreams.noteSubscription(served.server, served.message)
    } catch (error) {
      if (this.#calls.get(request.id) === call) this.#finish(answerThrown(request, error, this.#state.context.report))
    }
  }

  #notified(notification: JsonRpcNotification): void {
    const { method, params } = notification
    if (method === 'notifications/initialized') {
      this.#initialized = true
    } else if (method === 'notifications/cancelled') {
      this.#cancel(notification, params?.['requestId'])
    } else if (method === 'notifications/progress') {
      this.#asked.findByToken(params?.['progressToken'])?.send(notification)
    } else if (method === 'notifications/roots/list_changed' || this.#state.scope.server !== undefined) {
      for (const connection of this.#state.upstreams.connections) connection.send(notification)
    }
    // Whom anything else is meant for, nobody can tell in front of several servers (M71).
  }

  #cancel(notification: JsonRpcNotification, id: unknown): void {
    if (typeof id !== 'string' && typeof id !== 'number') return
    const call = this.#calls.get(id)
    if (call === undefined || call.request.method === 'initialize') return
    this.#calls.delete(id)
    call.connection?.send(notification)
    this.#channel.cancelled?.(id)
  }

  /** Gives the one answer to a request (M50). */
  #finish(answer: JsonRpcAnswer): void {
    const { id } = answer
    if (id === undefined || id === null || !this.#calls.delete(id)) return
    this.#channel.deliver(answer, id)
  }

  #listenTo(connection: Connection): ConnectionListener {
    return {
      message: (message, relatedTo) => this.#fromServer(connection, message, relatedTo),
      failed: (id, failure) => this.#failed(connection, id, failure),
      closed: () => this.#lost(connection),
    }
  }

  #fromServer(connection: Connection, message: JsonRpcMessage, cameOn: RequestId | undefined): void {
    if (this.#closed) return
    if (isAnswer(message)) {
      const { id } = message
      const call = id === undefined || id === null ? undefined : this.#calls.get(id)
      if (call?.connection !== connection) {
        this.#noteStray(connection)
        return
      }
      this.#state.tasks.learn(connection.server, message['result'])
      this.#finish(message)
    } else if (isRequest(message)) {
      if (message.method === 'ping') connection.send({ jsonrpc: '2.0', id: message.id, result: {} }, related(cameOn))
      else this.#asked.ask(connection, message, cameOn, cameOn ?? this.#calls.youngest(connection)?.request.id)
    } else {
      this.#notify(connection, message, cameOn)
    }
  }

  /** Late and doubled answers are dropped; of each connection it is told once. */
  #noteStray(connection: Connection): void {
    if (this.#strays.has(connection)) return
    this.#strays.add(connection)
    this.#state.context.warn({ mcp_server: connection.server }, 'an answer that nobody waits for was dropped')
  }

  #notify(connection: Connection, notification: JsonRpcNotification, cameOn: RequestId | undefined): void {
    const { method, params } = notification
    if (method === 'notifications/cancelled') {
      this.#asked.withdraw(connection, notification)
    } else if (method === 'notifications/progress') {
      // Without a token of the client, or after the answer, there is nobody to tell (M52).
      const call = this.#calls.findByToken(connection, params?.['progressToken'])
      if (call !== undefined) this.#channel.deliver(notification, call.request.id)
    } else if (method === 'notifications/message') {
      this.#channel.deliver(
        this.#state.scope.server === undefined ? nameLogger(notification, connection.server) : notification,
        cameOn ?? this.#calls.only(connection)?.request.id,
      )
    } else {
      this.#state.lists.changed(connection, kindsOfChange(method))
      const isEarly = !this.#initialized && kindsOfChange(method).length > 0
      if (!isEarly) this.#channel.deliver(notification, cameOn)
    }
  }

  #failed(connection: Connection, id: RequestId, failure: UpstreamFailure): void {
    const call = this.#calls.get(id)
    if (call?.connection !== connection) return
    if (!call.repeated && mayRepeat(call.request, failure, this.#state.lists.view())) {
      this.#calls.delete(id)
      this.#state.upstreams.drop(connection)
      const { request } = call
      void this.#serve(request)
      const again = this.#calls.get(id)
      if (again !== undefined) again.repeated = true
      return
    }
    this.#finish(answerFailure(call.request, failure))
  }

  #lost(connection: Connection): void {
    this.#state.upstreams.drop(connection)
    this.#state.lists.drop(connection)
    this.#asked.forget(connection)
  }
}

function cancellation(requestId: RequestId, reason: string): JsonRpcNotification {
  return { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId, reason } }
}

function related(relatedTo: RequestId | undefined): { readonly relatedTo?: RequestId } {
  return relatedTo === undefined ? {} : { relatedTo }
}

/** Among several servers a line without a logger would be nobody's (M69). */
function nameLogger(notification: JsonRpcNotification, server: string): JsonRpcNotification {
  const params: JsonObject = isObject(notification.params) ? notification.params : {}
  return params['logger'] === undefined ? { ...notification, params: { ...params, logger: server } } : notification
}
