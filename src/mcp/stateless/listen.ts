/** `subscriptions/listen`: one stream of what changes, and of nothing that was not asked for (M38). */

import { writeModernMeta } from '../bridge/modern-meta.ts'
import type { JsonObject, JsonRpcNotification } from '../json-rpc.ts'
import { isObject } from '../message-kind.ts'
import { META } from '../revisions.ts'
import type { Connection } from '../upstream/connection.ts'
import { completeResult } from './modern-result.ts'
import { openFor } from './relay-call.ts'
import type { StatelessCall } from './stateless-call.ts'
import type { StatelessContext } from './stateless-context.ts'

const FILTERS: readonly (readonly [filter: string, method: string])[] = [
  ['toolsListChanged', 'notifications/tools/list_changed'],
  ['promptsListChanged', 'notifications/prompts/list_changed'],
  ['resourcesListChanged', 'notifications/resources/list_changed'],
]

const UPDATED = 'notifications/resources/updated'

/** A server that does not say so within this time is listened to all the same. */
const ACKNOWLEDGE_MS = 5000

/** @returns when the stream has ended. */
export async function listen(context: StatelessContext, call: StatelessCall, ending: AbortSignal): Promise<void> {
  const { request, reply, signal, scope } = call
  const meta = { [META.subscriptionId]: request.id }
  const tell = (method: string, params: JsonObject): void => {
    const own = isObject(params['_meta']) ? params['_meta'] : {}
    const notification: JsonRpcNotification = {
      jsonrpc: '2.0',
      method,
      params: { ...params, _meta: { ...own, ...meta } },
    }
    reply.notify(notification)
  }
  const asked = isObject(request.params?.['notifications']) ? request.params['notifications'] : {}
  const lists = FILTERS.filter(([filter]) => asked[filter] === true)
  const methods = new Set(lists.map(([, method]) => method))
  const watched = await watchResources(context, call, asked['resourceSubscriptions'], (params) => tell(UPDATED, params))
  const watch = context.views.watch(
    (changed) => {
      for (const method of changed) if (methods.has(method)) tell(method, {})
    },
    () => context.views.of(scope),
  )
  tell('notifications/subscriptions/acknowledged', {
    notifications: {
      ...Object.fromEntries(lists.map(([filter]) => [filter, true])),
      ...(watched.uris === undefined ? {} : { resourceSubscriptions: watched.uris }),
    },
  })
  await untilAborted(AbortSignal.any([signal, ending]))
  watch.stop()
  for (const connection of watched.connections) connection.close()
  if (signal.aborted) return
  const result = completeResult({ _meta: meta }, context.serverInfo)
  reply.finish({ jsonrpc: '2.0', id: request.id, result }, 200)
}

interface Watched {
  /** Those that somebody owns; absent where none were asked for. */
  readonly uris: readonly string[] | undefined
  readonly connections: readonly Connection[]
}

/** Each server is asked for its own resources; one that cannot be reached is left out. */
async function watchResources(
  context: StatelessContext,
  call: StatelessCall,
  asked: unknown,
  updated: (params: JsonObject) => void,
): Promise<Watched> {
  if (!Array.isArray(asked)) return { uris: undefined, connections: [] }
  const view = context.views.of(call.scope)
  const uris = asked.filter((uri) => typeof uri === 'string')
  const byServer = Map.groupBy(uris, (uri) => call.scope.server ?? view.findResource(uri))
  const watched = await Promise.all(
    [...byServer].map(async ([server, own]) => {
      if (server === undefined) return undefined
      const connection = await subscribe(context, call, server, own, updated).catch(() => undefined)
      return connection === undefined ? undefined : { connection, uris: own }
    }),
  )
  const found = watched.filter((entry) => entry !== undefined)
  return { uris: found.flatMap((entry) => entry.uris), connections: found.map((entry) => entry.connection) }
}

/** @throws UpstreamError */
async function subscribe(
  context: StatelessContext,
  call: StatelessCall,
  server: string,
  uris: readonly string[],
  updated: (params: JsonObject) => void,
): Promise<Connection> {
  const { connection, attach } = await openFor(context, call, server)
  const acknowledged = Promise.withResolvers<void>()
  const wanted = new Set<unknown>(uris)
  attach({
    message(message) {
      const params = isObject(message['params']) ? message['params'] : {}
      if (message['method'] === UPDATED && wanted.has(params['uri'])) updated(params)
      if (message['method'] === 'notifications/subscriptions/acknowledged') acknowledged.resolve()
    },
    failed: () => acknowledged.resolve(),
    closed: () => acknowledged.resolve(),
  })
  if (connection.facts.era === 'legacy') {
    await Promise.all(uris.map((uri) => connection.ask('resources/subscribe', { uri }, call.signal)))
    return connection
  }
  const { capabilities, clientInfo } = call.meta
  const params = writeModernMeta(
    { notifications: { resourceSubscriptions: uris } },
    { capabilities, clientInfo, logLevel: undefined },
  )
  connection.send({ jsonrpc: '2.0', id: call.request.id, method: 'subscriptions/listen', params })
  const timer = setTimeout(acknowledged.resolve, ACKNOWLEDGE_MS)
  await acknowledged.promise
  clearTimeout(timer)
  return connection
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
