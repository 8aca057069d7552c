/** Serves embeddings: relayed where client and back end speak one protocol, else through the interlingua. */
import type { Codec, EmbeddingReplyContext } from '../../protocols/codec.ts'
import type { EmbeddingRequest } from '../../protocols/ir/embedding.ts'
import { ApiFailure } from '../../protocols/ir/error.ts'
import { mayUse } from '../access/caller.ts'
import { sendJson } from '../http/answer.ts'
import { readBody } from '../http/body.ts'
import type { Target } from '../providers/target.ts'
import type { UpstreamCall } from '../upstream/upstream.ts'
import type { Exchange } from './exchange.ts'
import type { GatewayContext } from './gateway-context.ts'
import { pickHeaders } from './plan-call.ts'
import { readBytes } from './read-bytes.ts'
import { ANSWER_LIMIT_BYTES, parseAnswer } from './read-response.ts'
import { replyHeaders } from './reply-headers.ts'
import { parseBody } from './request-source.ts'
import { tryTargets } from './try-targets.ts'
import { readFailure } from './upstream-failure.ts'

/** @throws ApiFailure what could not be served; then nothing has been sent. */
export async function serveEmbeddings(exchange: Exchange, context: GatewayContext): Promise<void> {
  const { request, response, codec, wire, abort, record } = exchange
  const body = await readBody(request, response, context.bodyLimits, abort.signal)
  const glance = codec.request.glance(wire, body)
  record.glance = glance
  const resolution = exchange.registry.resolveTargets(exchange.group, glance.model, glance, {
    mayUse: (group) => mayUse(exchange.caller, group),
  })
  record.resolution = resolution
  const decoded = faceOf(codec).request.decode(wire, parseBody(body))
  await tryTargets(
    exchange,
    resolution.targets,
    context.trying,
    () => false,
    (target) => embed(exchange, { body, request: decoded.value, target }, context),
  )
  record.losses.push(...decoded.losses)
}

interface Attempt {
  readonly body: Uint8Array
  readonly request: EmbeddingRequest
  readonly target: Target
}

async function embed(exchange: Exchange, { body, request, target }: Attempt, context: GatewayContext): Promise<void> {
  const { record, wire } = exchange
  const codec = context.codecNamed(target.provider.protocol)
  const relayed = codec.name === exchange.codec.name
  record.road = relayed ? 'relay' : 'translate'
  const address = codec.request.address({
    model: target.model,
    stream: false,
    operation: 'embed',
    many: request.inputs.length > 1,
    ...(relayed ? { wire } : {}),
  })
  const shared = {
    target,
    address,
    headers: {
      ...(relayed ? pickHeaders(wire.headers, codec.forwardedHeaders) : {}),
      ...record.resolution?.group.policy.headers,
    },
    stream: false,
  }
  const call: UpstreamCall = relayed
    ? { ...shared, body: codec.request.rename(body, target.model) }
    : { ...shared, body: encodeCall(exchange, request, target, codec) }
  const answer = await context.upstream.send(call, exchange.abort.signal)
  if (answer.status >= 400) throw await readFailure(answer, codec, target)
  const bytes = await readBytes(answer.body, { bytes: ANSWER_LIMIT_BYTES, beyond: 'refuse' })
  const value = parseAnswer(bytes)
  const decoded = faceOf(codec).response.decode(value, { facts: target.facts })
  if (decoded.value.usage !== undefined) record.usage = decoded.value.usage
  // Some back ends write the numbers in their own way, whatever they were asked for.
  if (relayed && (decoded.value.encoding ?? 'float') === (request.encoding ?? 'float')) {
    sendJson(exchange.response, 200, replyHeaders(exchange), bytes)
    return
  }
  const reply: EmbeddingReplyContext = { askedModel: request.model, wire, request }
  const encoded = faceOf(exchange.codec).response.encode(decoded.value, reply)
  record.losses.push(...decoded.losses, ...encoded.losses)
  sendJson(exchange.response, 200, replyHeaders(exchange), encoded.body)
}

function encodeCall(exchange: Exchange, request: EmbeddingRequest, target: Target, codec: Codec): string {
  const encoded = faceOf(codec).request.encode({ ...request, model: target.model }, target.facts)
  exchange.record.losses = [...encoded.losses]
  return JSON.stringify(encoded.body)
}

function faceOf({ embeddings, title }: Codec): NonNullable<Codec['embeddings']> {
  if (embeddings !== undefined) return embeddings
  throw new ApiFailure({ kind: 'not-implemented', message: `${title} has no embeddings.`, source: 'proxy' })
}
