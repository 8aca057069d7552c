/** What works on the models of one server: passed on to such a server as it is (step 5, raw), else refused in words. */
import type { Codec, Glance } from '../../protocols/codec.ts'
import { ApiFailure } from '../../protocols/ir/error.ts'
import { mayUse } from '../access/caller.ts'
import { readBody } from '../http/body.ts'
import type { Target } from '../providers/target.ts'
import { passRaw } from '../upstream/pass-raw.ts'
import type { Exchange } from './exchange.ts'
import type { GatewayContext } from './gateway-context.ts'
import { replyHeaders } from './reply-headers.ts'
import { parseBody } from './request-source.ts'

/**
 * Only for callers to whom the gateway itself is open: a model that is deleted is gone for all.
 *
 * @throws ApiFailure `not-implemented` where the model, or for paths that name none the group, leads to no server of this protocol.
 */
export async function serveUnsupported(exchange: Exchange, context: GatewayContext): Promise<void> {
  const { request, response, codec, wire, caller, record, abort } = exchange
  if (!caller.isAdmin) throw refusal(exchange)
  // Files are not held in memory: what names a model is small, what does not is passed as it comes.
  const body = namesModel(exchange) ? await readBody(request, response, context.bodyLimits, abort.signal) : undefined
  const model = body === undefined ? '' : readModel(codec, body)
  const target = findServer(exchange, model)
  if (target === undefined) throw refusal(exchange)
  record.target = target
  record.road = 'raw'
  record.attempts = 1
  await passRaw({
    request,
    response,
    target,
    path: fillPath(wire.endpoint.path, wire.params),
    ...(body === undefined ? {} : { body: codec.request.rename(body, target.model) }),
    responseHeaders: replyHeaders(exchange),
  })
}

function namesModel({ wire }: Exchange): boolean {
  return Object.keys(wire.params).length === 0
}

function readModel({ models }: Codec, body: Uint8Array): string {
  return models?.wanted?.(parseBody(body)) ?? ''
}

/** The first target that speaks the client's protocol over a network; nothing where the model leads elsewhere or nowhere. */
function findServer({ registry, group, codec, caller }: Exchange, model: string): Target | undefined {
  const needs = { tools: false, images: false, audio: false, files: false }
  const glance: Glance = { model, stream: false, thinking: false, needs, textBytes: 0 }
  try {
    const { targets } = registry.resolveTargets(group, model, glance, {
      compat: false,
      mayUse: (name) => mayUse(caller, name),
    })
    return targets.find(({ provider }) => provider.protocol === codec.name && provider.transport === 'http')
  } catch (error) {
    if (error instanceof ApiFailure) return undefined
    throw error
  }
}

function fillPath(path: string, params: Readonly<Record<string, string>>): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ''))
}

function refusal({ wire }: Exchange): ApiFailure {
  const { method, path } = wire.endpoint
  return new ApiFailure({
    kind: 'not-implemented',
    message: `${method} ${path} works on the models of one server; a gateway has none of its own.`,
    source: 'proxy',
  })
}
