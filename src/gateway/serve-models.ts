/** Tells the models of a group, in the client's own shape of such a list. */
import { ApiFailure } from '../../protocols/ir/error.ts'
import { sendJson } from '../http/answer.ts'
import type { Exchange } from './exchange.ts'
import { replyHeaders } from './reply-headers.ts'

/** @throws ApiFailure `not-found` for an unknown group. */
export async function serveModels(exchange: Exchange): Promise<void> {
  const models = exchange.registry.listModels(exchange.group)
  sendJson(exchange.response, 200, replyHeaders(exchange), modelFaceOf(exchange).list(models))
}

/** @throws ApiFailure `model-not-found` for a name that the group does not list. */
export async function serveModel(exchange: Exchange): Promise<void> {
  const wanted = exchange.wire.params['model'] ?? ''
  const model = exchange.registry.listModels(exchange.group).find((entry) => entry.id === wanted)
  if (model === undefined) {
    throw new ApiFailure({
      kind: 'model-not-found',
      message: `The group "${exchange.group}" lists no model ${JSON.stringify(wanted)}; /v1/models tells what it has.`,
      param: 'model',
      source: 'proxy',
    })
  }
  sendJson(exchange.response, 200, replyHeaders(exchange), modelFaceOf(exchange).one(model))
}

function modelFaceOf(exchange: Exchange) {
  const { models, name } = exchange.codec
  if (models === undefined) throw new Error(`codec ${name} has an endpoint for models but no shape for them`)
  return models
}
