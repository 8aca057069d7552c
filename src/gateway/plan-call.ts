/** Decides per target whether the bytes may pass as they are, and writes the call. */
import type { Codec, Glance } from '../../protocols/codec.ts'
import type { Loss } from '../../protocols/ir/loss.ts'
import type { ReasoningPart } from '../../protocols/ir/part.ts'
import type { ChatRequest, ChatSettings } from '../../protocols/ir/request.ts'
import { conversationScope } from '../conversation/conversation-scope.ts'
import type { Target } from '../providers/target.ts'
import type { UpstreamCall } from '../upstream/upstream.ts'
import type { Exchange } from './exchange.ts'
import type { GatewayContext } from './gateway-context.ts'
import { goesOnHere } from './goes-on.ts'
import { hasCalls } from './has-calls.ts'
import { findServerTools, offerTools } from './offer-tools.ts'
import type { Plan } from './plan.ts'
import type { RequestSource } from './request-source.ts'
import { shaperOf } from './shaping/shaper.ts'
import { ASK_AGAIN } from './steps/ask-again.ts'
import { chainContinuations } from './steps/chain.ts'
import type { Continuation } from './steps/continuation.ts'
import { chooseCalling, type ToolCalling } from './tool-calling.ts'
import { writeCall } from './write-call.ts'

type Planning = Pick<
  GatewayContext,
  'reasoning' | 'answers' | 'toolRefusals' | 'serverTools' | 'hiddenCalls' | 'checkArguments'
>

/** @throws ApiFailure when the request cannot be decoded. */
export function planCall(
  exchange: Exchange,
  source: RequestSource,
  target: Target,
  codec: Codec,
  context: Planning,
): Plan {
  const { glance } = source
  const { group, model: asked } = exchange.record.resolution ?? unresolved()
  const shaper = shaperOf(group.policy)
  const calling = chooseCalling(exchange, target, context.toolRefusals)
  const isSameProtocol = codec.name === exchange.codec.name
  const serverTools = findServerTools(exchange, context)
  // What is kept here nobody else can go on from.
  const goesOn = goesOnHere(exchange, source, context)
  const mayPass =
    isSameProtocol &&
    fillsNothing(target.parameters) &&
    !shaper.changes({ ...glance, model: asked }) &&
    !(calling.byPrompt && glance.needs.tools) &&
    glance.irregular !== true &&
    !goesOn &&
    serverTools === undefined &&
    !mustRemember(target, glance) &&
    !mustRewrite(target, glance) &&
    // A summary of the conversation is asked for without tools, and has all its calls.
    !(calling.byPrompt && hasCalls(source.decode().value))
  const shared = { target, ...addressCall(exchange, target, codec, glance.stream), stream: glance.stream }
  if (mayPass) {
    const body = codec.request.rename(source.body, target.model, target.facts.insistsOn)
    const offersTools = glance.needs.tools && calling.catchesLeaks
    return { target, codec, road: 'relay', call: { ...shared, body }, offersTools, losses: [] }
  }
  // A back end of the same protocol may know an answer that is not kept here.
  const decoded = isSameProtocol && !goesOn ? source.decode() : source.recall()
  const scope = conversationScope(exchange.group, decoded.value.messages)
  const recalled = context.reasoning.restore(scope, decoded.value, wantedThoughts(target, codec))
  const shaped = shaper.shape(recalled, asked, target.parameters)
  const losses = [...decoded.losses, ...shaped.losses]
  const run = serverTools === undefined ? undefined : offerTools(shaped.request, serverTools, scope, exchange, context)
  const request = run?.request ?? shaped.request
  const { policy } = group
  const reasons = [
    ...(calling.byPrompt && policy.invalidToolCalls === 'retry' ? [ASK_AGAIN] : []),
    ...(run === undefined ? [] : [run.continuation]),
  ]
  const continuation = chainContinuations(reasons)
  const { checkArguments } = context
  const isLast = policy.invalidToolCalls !== 'retry'
  const shape = { target, codec, calling, scope, losses, shared, policy, checkArguments, isLast }
  return planTranslated(request, continuation === undefined ? shape : { ...shape, continuation })
}

interface Translation {
  readonly target: Target
  readonly codec: Codec
  readonly policy: Parameters<typeof writeCall>[1]['policy']
  readonly calling: ToolCalling
  readonly scope: string
  readonly losses: readonly Loss[]
  readonly shared: Omit<UpstreamCall, 'body'>
  readonly checkArguments: GatewayContext['checkArguments']
  /** A call that does not fit is passed as it is, as the model is not asked once more. */
  readonly isLast: boolean
  readonly continuation?: Continuation
}

function planTranslated(request: ChatRequest, translation: Translation): Plan {
  const { target, codec, scope, shared, continuation } = translation
  const { body, losses, ...written } = writeCall(request, translation)
  const plan = (next: ChatRequest): Plan => planTranslated(next, { ...translation, losses: [], isLast: true })
  return {
    target,
    codec,
    road: 'translate',
    call: { ...shared, body },
    scope,
    request,
    ...written,
    ...(continuation === undefined ? {} : { goesOn: { continuation, plan } }),
    losses: [...translation.losses, ...losses],
  }
}

function unresolved(): never {
  throw new Error('a call is planned for a request that has not been resolved')
}

function addressCall(exchange: Exchange, target: Target, codec: Codec, stream: boolean) {
  const isSameProtocol = codec.name === exchange.codec.name
  const { wire, record } = exchange
  const address = codec.request.address({
    model: target.model,
    stream,
    operation: 'chat',
    ...(isSameProtocol ? { wire } : {}),
  })
  const passed = isSameProtocol ? pickHeaders(wire.headers, codec.forwardedHeaders) : {}
  return { address, headers: { ...passed, ...record.resolution?.group.policy.headers } }
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

/** Some vendors refuse what clients of their protocol write (lesson 39, lesson 42). */
function mustRewrite({ facts }: Target, { stream }: Glance): boolean {
  return facts.ownDialect === true || (facts.thinksOnlyStreaming === true && !stream)
}

function fillsNothing(parameters: Partial<ChatSettings> | undefined): boolean {
  return parameters === undefined || Object.keys(parameters).length === 0
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
