/** One stateless request to one server and back. */
import { answerFailure } from '../answer-failure.ts'
import { stripRequestMeta } from '../bridge/modern-meta.ts'
import type { JsonObject, JsonRpcAnswer, JsonRpcMessage, RequestId } from '../json-rpc.ts'
import { createLateListener } from '../late-listener.ts'
import { mayRepeat } from '../may-repeat.ts'
import { isAnswer, isObject, isRequest } from '../message-kind.ts'
import { MODERN_VERSION } from '../revisions.ts'
import type { Routed } from '../route-request.ts'
import { answerError, RPC } from '../rpc-failure.ts'
import type { Connection, ConnectionListener, UpstreamFailure } from '../upstream/connection.ts'
import { UpstreamError } from '../upstream/upstream-error.ts'
import { completeResult, raiseAnswer, statusOf } from './modern-result.ts'
import { passesLog } from './passes-log.ts'
import { ownerOfCall, type StatelessCall } from './stateless-call.ts'
import type { StatelessContext } from './stateless-context.ts'

/** Told on the stream of `subscriptions/listen`, and nowhere else. */
const LISTENED: ReadonlySet<string> = new Set([
  'notifications/tools/list_changed',
  'notifications/prompts/list_changed',
  'notifications/resources/list_changed',
  'notifications/resources/updated',
])

/** @returns when the request is sent; its answer goes to `call.reply`. @throws UpstreamError when no server is reached. */
export async function relayCall(context: StatelessContext, call: StatelessCall, routed: Routed): Promise<void> {
  if (!context.held.resume(call)) await send(context, call, routed, false)
}

async function send(
  context: StatelessContext,
  call: StatelessCall,
  routed: Routed,
  isRepeated: boolean,
): Promise<void> {
  const connection = await openFor(context, call, routed.server)
  if (call.signal.aborted) {
    connection.connection.close()
    return
  }
  if (connection.connection.facts.era === 'legacy') await relayToLegacy(context, call, routed, connection)
  else relayToModern(context, call, routed, connection, isRepeated)
}

export interface OpenedFor {
  readonly connection: Connection
  readonly attach: (listener: ConnectionListener) => void
}

/** @throws UpstreamError */
export async function openFor(context: StatelessContext, call: StatelessCall, server: string): Promise<OpenedFor> {
  const { capabilities, clientInfo } = call.meta
  const late = createLateListener()
  const connection = await context.hub.servers.open(server, {
    era: 'modern',
    protocolVersion: MODERN_VERSION,
    clientCapabilities: capabilities,
    ...(clientInfo === undefined ? {} : { clientInfo }),
    ...(call.headers === undefined ? {} : { clientHeaders: call.headers }),
    owner: ownerOfCall(call),
    listener: late.listener,
    signal: call.signal,
  })
  return { connection, attach: late.attach }
}

/** Everything passes as it is: input that is wanted, given and its state belong to server and client (M40). */
function relayToModern(
  context: StatelessContext,
  call: StatelessCall,
  routed: Routed,
  opened: OpenedFor,
  isRepeated: boolean,
): void {
  const { request, meta, reply, signal, keyId } = call
  const { connection } = opened
  const leave = (): void => {
    signal.removeEventListener('abort', cancel)
    connection.close()
  }
  const finish = (answer: JsonRpcAnswer): void => {
    leave()
    context.tasksOf(keyId).learn(connection.server, answer['result'])
    reply.finish(answer, statusOf(answer))
  }
  const cancel = (): void => {
    connection.send(cancellation(request.id))
    connection.close()
  }
  const give = (failure: UpstreamFailure): void =>
    finish(answerFailure(request, failure, completeResult({}, context.serverInfo)))
  const fail = (failure: UpstreamFailure): void => {
    if (isRepeated || !mayRepeat(request, failure, context.views.of(call.scope))) {
      give(failure)
      return
    }
    leave()
    void send(context, call, routed, true).catch((error: unknown) => {
      if (signal.aborted) return
      if (error instanceof UpstreamError) give(error.failure)
      else context.hub.report(error)
    })
  }
  signal.addEventListener('abort', cancel, { once: true })
  opened.attach({
    message(message) {
      if (isAnswer(message)) {
        if (message.id === request.id) finish(message)
      } else if (isRequest(message)) {
        // No server of this revision asks so; whoever waits is not left waiting.
        connection.send(
          answerError(message.id, { code: RPC.methodNotFound, message: 'This client takes no requests.' }),
        )
      } else if (!LISTENED.has(message.method) && passesLog(message, meta.logLevel)) {
        reply.notify(message)
      }
    },
    failed: (id, failure) => {
      if (id === request.id) fail(failure)
    },
    // Told of its request already.
    closed() {},
  })
  connection.send(routed.message)
}

/** A legacy server may ask while it works: then the call is held, and its client comes back with the answers (M92). */
async function relayToLegacy(
  context: StatelessContext,
  call: StatelessCall,
  routed: Routed,
  { connection, attach }: OpenedFor,
): Promise<void> {
  const { meta, request } = call
  const { serverInfo, capabilities } = connection.facts
  if (meta.logLevel !== undefined && capabilities['logging'] !== undefined) {
    await connection.ask('logging/setLevel', { level: meta.logLevel }, call.signal).catch(() => undefined)
  }
  const held = context.held.begin(call, connection, {
    raise: (answer) => raiseAnswer(answer, request.method, serverInfo),
    input: (inputRequests: JsonObject, requestState: string) =>
      completeResult({ resultType: 'input_required', inputRequests, requestState }, serverInfo),
    fail: (failure) => answerFailure(request, failure, completeResult({}, context.serverInfo)),
  })
  attach({
    message(message, relatedTo) {
      if (isAnswer(message)) held.answered(message)
      else if (isRequest(message)) held.asked(message, relatedTo)
      else if (!LISTENED.has(message.method) && isOurs(message, relatedTo, request.id)) {
        if (passesLog(message, meta.logLevel)) held.notify(message)
      }
    },
    failed: (id, failure) => {
      if (id === request.id) held.failed(failure)
    },
    closed: (failure) => held.failed(failure),
  })
  connection.send(stripRequestMeta(routed.message))
}

function isOurs(message: JsonRpcMessage, relatedTo: RequestId | undefined, id: RequestId): boolean {
  return isObject(message) && (relatedTo === undefined || relatedTo === id)
}

function cancellation(requestId: RequestId): JsonRpcMessage {
  return { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId, reason: 'the client has left' } }
}
