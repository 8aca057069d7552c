/** The door of the gateway: knows all steps of an exchange and their order, and answers what fails in any of them. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { HeaderMap, Operation } from '../../protocols/codec.ts'
import { type ApiError, ApiFailure } from '../../protocols/ir/error.ts'
import type { Caller } from '../access/caller.ts'
import { judgeGroup } from '../access/gatekeeper.ts'
import { sendError } from '../http/answer.ts'
import type { EndpointTable, MissedEndpoint } from '../http/endpoints.ts'
import type { Located, PathRefusal } from '../http/path.ts'
import { readRequestId } from '../http/request-id.ts'
import { DEFAULT_GROUP } from '../registry/default-group.ts'
import type { Snapshot } from '../registry/snapshot.ts'
import type { Exchange } from './exchange.ts'
import { endedBy, toFailure } from './failure.ts'
import type { GatewayContext } from './gateway-context.ts'
import { replyHeaders } from './reply-headers.ts'
import { serveAnswer, serveAnswerCancel, serveAnswerDeletion, serveAnswerInput } from './serve-answers.ts'
import { serveChat } from './serve-chat.ts'
import { serveEmbeddings } from './serve-embeddings.ts'
import { serveModel, serveModels, serveRunning } from './serve-models.ts'
import { serveTokenCount } from './serve-token-count.ts'
import { serveUnsupported } from './serve-unsupported.ts'
import { serveVersion } from './serve-version.ts'

export interface Gateway {
  /** Serves one request to its end. Never rejects. */
  handle(request: IncomingMessage, response: ServerResponse, located: Located, caller: Caller): Promise<void>
  /** Ends what is still in flight: the callers are told this error, inside their streams where these have begun. */
  breakOff(error: ApiError): void
  /** Answers a request that may not pass or leads nowhere, in the protocol that its caller most likely reads. */
  refuse(request: IncomingMessage, response: ServerResponse, error: ApiError): void
}

type Serve = (exchange: Exchange, context: GatewayContext) => Promise<void>

const SERVE: Readonly<Record<Operation, Serve>> = {
  chat: serveChat,
  embed: serveEmbeddings,
  'count-tokens': serveTokenCount,
  'list-models': serveModels,
  'get-model': serveModel,
  'list-running': serveRunning,
  'get-version': serveVersion,
  unsupported: serveUnsupported,
  'get-answer': serveAnswer,
  'delete-answer': serveAnswerDeletion,
  'list-input': serveAnswerInput,
  'cancel-answer': serveAnswerCancel,
}

/** @param snapshot the registry as it is now; asked once per request. */
export function createGateway(context: GatewayContext, endpoints: EndpointTable, snapshot: () => Snapshot): Gateway {
  const live = new Set<Exchange>()
  return {
    async handle(request, response, located, caller) {
      const headers = request.headers as HeaderMap
      const found = endpoints.find(request.method ?? 'GET', located.path, headers)
      const registry = snapshot()
      const id = readRequestId(headers)
      if (found.kind !== 'found') {
        const allow = found.allowed === undefined ? {} : { allow: found.allowed.join(', ') }
        const error = explainMiss(request, located, found)
        sendError(response, found.codec.error.encode(error, id), { 'x-request-id': id, ...allow })
        return
      }
      const exchange: Exchange = {
        id,
        request,
        response,
        codec: found.codec,
        wire: { endpoint: found.endpoint, params: found.params, query: located.query, headers },
        group: located.activeGroup ? registry.activeGroup : (located.group ?? DEFAULT_GROUP),
        caller,
        compat: located.compat,
        registry,
        abort: new AbortController(),
        startedAt: performance.now(),
        record: { attempts: 0, failures: [], losses: [] },
      }
      await serve(exchange, context, live)
    },

    breakOff(error) {
      for (const exchange of live) exchange.abort.abort(new ApiFailure(error))
    },

    refuse(request, response, error) {
      const headers = request.headers as HeaderMap
      const id = readRequestId(headers)
      const { codec } = endpoints.find(request.method ?? 'GET', roughPath(request.url ?? '/'), headers)
      sendError(response, codec.error.encode(error, id), { 'x-request-id': id })
    },
  }
}

async function serve(exchange: Exchange, context: GatewayContext, live: Set<Exchange>): Promise<void> {
  const { response, abort, record } = exchange
  const onClose = (): void => {
    if (!response.writableFinished) abort.abort()
  }
  response.once('close', onClose)
  live.add(exchange)
  try {
    const refusal = judgeGroup(exchange.caller, exchange.group)
    if (refusal !== undefined) throw new ApiFailure(refusal)
    await SERVE[exchange.wire.endpoint.operation](exchange, context)
  } catch (error) {
    const failure = endedBy(abort.signal) ?? toFailure(error)
    record.error = failure.error
    if (!(error instanceof ApiFailure)) record.cause = error
    sendError(response, exchange.codec.error.encode(failure.error, exchange.id), replyHeaders(exchange))
  } finally {
    live.delete(exchange)
    if (abort.signal.aborted) record.error ??= CLIENT_LEFT
    context.settle(exchange)
  }
}

const CLIENT_LEFT: ApiError = { kind: 'cancelled', message: 'The client left before the answer was complete.' }

function explainMiss(request: IncomingMessage, located: Located, miss: MissedEndpoint): ApiError {
  if (miss.kind === 'wrong-method') {
    const allowed = miss.allowed?.join(' or ') ?? ''
    return {
      kind: 'method-not-allowed',
      message: `${request.method} is not served at ${located.canonical}: use ${allowed}.`,
      source: 'proxy',
    }
  }
  if (located.path.length === 0) {
    const bases = `${located.prefix}/v1 or ${located.prefix}, as the protocol has it`
    const message = `${located.canonical} is a base URL to give to a client (${bases}); nothing is served at it.`
    return { kind: 'not-found', message, source: 'proxy' }
  }
  const hint = miss.nearest === undefined ? '' : ` Did you mean ${located.prefix}${miss.nearest}?`
  return { kind: 'not-found', message: `Nothing is served at ${located.canonical}.${hint}`, source: 'proxy' }
}

/** Says in words why a path leads nowhere. */
export function explainPathRefusal(refusal: PathRefusal): ApiError {
  const hint = refusal.hint === undefined ? '' : ` Did you mean ${refusal.hint}?`
  const kind = refusal.problem === 'not-found' ? 'not-found' : 'bad-request'
  return { kind, message: `${refusal.message}${hint}`, source: 'proxy' }
}

/** Good enough to guess a protocol by; not for routing. */
function roughPath(target: string): string[] {
  const path = target.split('?', 1)[0] ?? ''
  const segments = path.split('/').filter((segment) => segment !== '')
  const version = segments.findIndex((segment) => /^v\d|^api$/i.test(segment))
  return version < 0 ? segments : segments.slice(version)
}
