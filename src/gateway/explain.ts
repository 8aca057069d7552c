/** Shows what a back end would be sent for a request, and what it would not be told; nobody is called. */
import type { Address, Codec, WireRequest } from '../../protocols/codec.ts'
import { ApiFailure } from '../../protocols/ir/error.ts'
import type { JsonObject } from '../../protocols/ir/extra.ts'
import type { ModelFacts } from '../../protocols/ir/facts.ts'
import type { Loss } from '../../protocols/ir/loss.ts'

export interface Explanation {
  readonly method: Address['method']
  readonly path: string
  readonly query: string
  readonly body: JsonObject
  /** Where in the neutral request, what became of it, and why. */
  readonly losses: readonly Loss[]
}

export interface ExplainOrder {
  readonly from: Codec
  readonly to: Codec
  /** The request as a client of `from` writes it, parsed. */
  readonly body: unknown
  /** The back end's name of the model; absent: as the request names it. */
  readonly model?: string
  readonly factsOf: (model: string) => ModelFacts
}

/** @throws ApiFailure `bad-request` for a body that is no request of `from`. */
export function explainRequest({ from, to, body, model, factsOf }: ExplainOrder): Explanation {
  const decoded = from.request.decode(makeWire(from, model), body)
  const asked = model ?? decoded.value.model
  const encoded = to.request.encode({ ...decoded.value, model: asked }, factsOf(asked))
  const { method, path, query } = to.request.address({ model: asked, stream: decoded.value.stream, operation: 'chat' })
  return { method, path, query, body: encoded.body, losses: [...decoded.losses, ...encoded.losses] }
}

/** The first chat endpoint of the protocol, with the model where its path has one. */
function makeWire(from: Codec, model: string | undefined): WireRequest {
  const endpoint = from.endpoints.find((one) => one.operation === 'chat')
  if (endpoint === undefined) {
    throw new ApiFailure({ kind: 'not-implemented', message: `${from.title} has no chat.`, source: 'proxy' })
  }
  const params = { model: model ?? 'model' }
  return { endpoint, params, query: new URLSearchParams(), headers: {} }
}
