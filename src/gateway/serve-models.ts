/** Tells the models of a group, in the client's own shape of such a list. */
import type { Codec, ModelEntry } from '../../protocols/codec.ts'
import { ApiFailure } from '../../protocols/ir/error.ts'
import { sendJson } from '../http/answer.ts'
import { readBody } from '../http/body.ts'
import type { RoutingRule } from '../registry/snapshot.ts'
import type { Exchange } from './exchange.ts'
import type { GatewayContext } from './gateway-context.ts'
import { replyHeaders } from './reply-headers.ts'
import { parseBody } from './request-source.ts'

/** @throws ApiFailure `not-found` for an unknown group. */
export async function serveModels(exchange: Exchange): Promise<void> {
  const models = exchange.registry.listModels(exchange.group)
  sendJson(exchange.response, 200, replyHeaders(exchange), faceOf(exchange.codec).list(models))
}

/** All models of a gateway are as good as loaded. @throws ApiFailure `not-found` for an unknown group. */
export async function serveRunning(exchange: Exchange): Promise<void> {
  const { running } = faceOf(exchange.codec)
  if (running === undefined) throw new Error(`codec ${exchange.codec.name} has no shape for running models`)
  sendJson(exchange.response, 200, replyHeaders(exchange), running(exchange.registry.listModels(exchange.group)))
}

/** @throws ApiFailure `model-not-found` for a name that the group neither lists nor has a pattern for. */
export async function serveModel(exchange: Exchange, context: GatewayContext): Promise<void> {
  const wanted = await readWanted(exchange, context)
  const model =
    exchange.registry.listModels(exchange.group).find((entry) => entry.id === wanted) ??
    describeUnlisted(exchange, wanted)
  sendJson(exchange.response, 200, replyHeaders(exchange), faceOf(exchange.codec).one(model))
}

/** Rules that a name alone decides. What goes elsewhere for another reason is no model of that name. */
const BY_NAME: ReadonlySet<RoutingRule> = new Set<RoutingRule>(['provider-model', 'alias', 'pattern', 'listed'])

/** A request that asks for a model and nothing else. */
const NEEDS_NOTHING = {
  stream: false,
  thinking: false,
  needs: { tools: false, images: false, audio: false, files: false },
  textBytes: 0,
}

/** What a pattern answers to stands in no list; it is told as the model that would serve it. */
function describeUnlisted({ registry, group }: Exchange, wanted: string): ModelEntry {
  const { rule, targets } = registry.explainTargets(group, wanted, { ...NEEDS_NOTHING, model: wanted })
  const [target] = targets
  if (target === undefined || !BY_NAME.has(rule)) {
    throw new ApiFailure({
      kind: 'model-not-found',
      message: `The group "${group}" lists no model ${JSON.stringify(wanted)}; its list of models tells what it has.`,
      param: 'model',
      source: 'proxy',
    })
  }
  const { contextTokens, maxOutputTokens, capabilities } = target.facts
  return {
    id: wanted,
    ownedBy: target.provider.name,
    createdAt: 0,
    ...(contextTokens === undefined ? {} : { contextTokens }),
    ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
    ...(capabilities === undefined ? {} : { capabilities }),
  }
}

async function readWanted(exchange: Exchange, context: GatewayContext): Promise<string> {
  const { wanted } = faceOf(exchange.codec)
  if (wanted === undefined) return exchange.wire.params['model'] ?? ''
  const { request, response, abort } = exchange
  return wanted(parseBody(await readBody(request, response, context.bodyLimits, abort.signal)))
}

function faceOf({ models, name }: Codec): NonNullable<Codec['models']> {
  if (models === undefined) throw new Error(`codec ${name} has an endpoint for models but no shape for them`)
  return models
}
