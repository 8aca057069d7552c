/** Decides per target whether the bytes may pass as they are, and writes the call. */
import type { Codec, Glance } from '../../protocols/codec.ts'
import type { CalledTools } from '../../protocols/ir/called-tools.ts'
import type { Loss } from '../../protocols/ir/loss.ts'
import type { ReasoningPart } from '../../protocols/ir/part.ts'
import type { ChatSettings } from '../../protocols/ir/request.ts'
import { conversationScope } from '../conversation/conversation-scope.ts'
import type { Target } from '../providers/target.ts'
import type { ToolMode } from '../registry/snapshot.ts'
import type { UpstreamCall } from '../upstream/upstream.ts'
import type { Exchange, Road } from './exchange.ts'
import type { GatewayContext } from './gateway-context.ts'
import { goesOnHere } from './goes-on.ts'
import type { RequestSource } from './request-source.ts'
import { mergeBody } from './shaping/merge-body.ts'
import { shaperOf } from './shaping/shaper.ts'

export interface Plan {
  readonly target: Target
  /** The target's protocol. */
  readonly codec: Codec
  readonly road: Road
  readonly call: UpstreamCall
  /** Whose thoughts are remembered together; absent for a relay. */
  readonly scope?: string
  /** Tools that the target knows by another name or form. */
  readonly called?: CalledTools
  /** What the target is not told of the request. */
  readonly losses: readonly Loss[]
}

/** @throws ApiFailure when the request cannot be decoded. */
export function planCall(
  exchange: Exchange,
  source: RequestSource,
  target: Target,
  codec: Codec,
  { reasoning, answers }: Pick<GatewayContext, 'reasoning' | 'answers'>,
): Plan {
  const { glance } = source
  const { group, model: asked } = exchange.record.resolution ?? unresolved()
  const { policy } = group
  const shaper = shaperOf(policy)
  const isSameProtocol = codec.name === exchange.codec.name
  const address = codec.request.address({
    model: target.model,
    stream: glance.stream,
    operation: 'chat',
    ...(isSameProtocol ? { wire: exchange.wire } : {}),
  })
  const headers = isSameProtocol ? pickHeaders(exchange.wire.headers, codec.forwardedHeaders) : {}
  const shared = { target, address, headers: { ...headers, ...policy.headers }, stream: glance.stream }
  const mode = modeLosses(exchange)

  // What is kept here nobody else can go on from.
  const goesOn = goesOnHere(exchange, source, { answers })
  const mayPass =
    isSameProtocol &&
    fillsNothing(target.parameters) &&
    !shaper.changes({ ...glance, model: asked }) &&
    glance.irregular !== true &&
    !goesOn &&
    !mustRemember(target, glance)
  if (mayPass) {
    const body = codec.request.rename(source.body, target.model, target.facts.insistsOn)
    return { target, codec, road: 'relay', call: { ...shared, body }, losses: mode }
  }
  // A back end of the same protocol may know an answer that is not kept here.
  const decoded = isSameProtocol && !goesOn ? source.decode() : source.recall()
  const wanted = wantedThoughts(target, codec)
  const scope = conversationScope(exchange.group, decoded.value.messages)
  const recalled = reasoning.restore(scope, decoded.value, wanted)
  const shaped = shaper.shape(recalled, asked, target.parameters)
  const encoded = codec.request.encode({ ...shaped.request, model: target.model }, target.facts)
  const body = policy.bodyParameters === undefined ? encoded.body : mergeBody(encoded.body, policy.bodyParameters)
  const call = { ...shared, body: JSON.stringify(body) }
  const losses = [...mode, ...decoded.losses, ...shaped.losses, ...encoded.losses]
  const { called } = encoded
  return { target, codec, road: 'translate', call, scope, losses, ...(called === undefined ? {} : { called }) }
}

function unresolved(): never {
  throw new Error('a call is planned for a request that has not been resolved')
}

/** A target is given back what it signed itself, and what it wants back as text. */
function wantedThoughts({ facts }: Target, codec: Codec): (thought: ReasoningPart) => boolean {
  const issuer = facts.issuer ?? codec.name
  return (thought) => thought.issuer === issuer || (facts.replaysReasoning === true && thought.text !== '')
}

/** Bytes that pass are read by nobody: what the model thinks before a call could not be given back to it (trap 94). */
function mustRemember({ facts }: Target, { needs }: Glance): boolean {
  return facts.replaysReasoning === true && needs.tools
}

function fillsNothing(parameters: Partial<ChatSettings> | undefined): boolean {
  return parameters === undefined || Object.keys(parameters).length === 0
}

const MODE_LOSS: Readonly<Record<ToolMode, boolean>> = { auto: false, compat: true, native: false }

/** Until tools can be taught by prompt, a request that asks for it is served natively and told so. */
function modeLosses(exchange: Exchange): Loss[] {
  const mode = exchange.record.resolution?.group.toolMode ?? 'auto'
  const wanted = MODE_LOSS[mode] || (exchange.compat && mode !== 'native')
  if (!wanted) return []
  return [{ path: 'compat_mode', reason: 'compat mode is not served yet: tools are used natively', effect: 'changed' }]
}

/** The headers that these names let through; a name that ends in `*` is a prefix. */
export function pickHeaders(
  headers: Readonly<Record<string, string | undefined>>,
  names: readonly string[],
): Record<string, string> {
  const picked: Record<string, string> = {}
  for (const name of names) {
    if (!name.endsWith('*')) {
      const value = headers[name]
      if (value !== undefined) picked[name] = value
      continue
    }
    const prefix = name.slice(0, -1)
    for (const [header, value] of Object.entries(headers)) {
      if (value !== undefined && header.startsWith(prefix)) picked[header] = value
    }
  }
  return picked
}
