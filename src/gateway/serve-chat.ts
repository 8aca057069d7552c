/** Serves a chat request: read, resolve, then target after target until one answers. Steps 3 to 9 of an exchange. */
import { ApiFailure } from '../../protocols/ir/error.ts'
import { readBody } from '../http/body.ts'
import type { Target } from '../providers/target.ts'
import { type BringMedia, createMediaBringer } from './bring-media.ts'
import type { Exchange } from './exchange.ts'
import { endedBy, toFailure } from './failure.ts'
import type { GatewayContext } from './gateway-context.ts'
import { planCall } from './plan-call.ts'
import { refuseLong } from './refuse-long.ts'
import { replyIdle } from './reply-idle.ts'
import { createStreamReply, type StreamReply } from './reply-stream.ts'
import { replyWhole } from './reply-whole.ts'
import { createRequestSource } from './request-source.ts'
import { findRoutingFacts } from './routing-facts.ts'
import { refusesTools } from './tool-refusals.ts'
import { tryTargets } from './try-targets.ts'
import { readFailure } from './upstream-failure.ts'

/** How an attempt hands on what a target answered. */
type Reply = Pick<StreamReply, 'begun' | 'send'>

/** @throws ApiFailure what could not be served; then nothing has been sent. */
export async function serveChat(exchange: Exchange, context: GatewayContext): Promise<void> {
  const { request, response, codec, wire, abort } = exchange
  const body = await readBody(request, response, context.bodyLimits, abort.signal)
  const source = createRequestSource(codec, wire, body, (id) => context.answers.conversation(exchange.group, id))
  exchange.record.glance = source.glance
  const facts = await findRoutingFacts(exchange, source, context)
  const resolution = exchange.registry.resolveTargets(exchange.group, source.glance.model, source.glance, facts)
  exchange.record.resolution = resolution
  await refuseLong(resolution.group.policy, exchange, source, context)
  const { targets } = resolution
  const bringMedia = createMediaBringer(source, context.fetchMedia, abort.signal)
  const { idle } = source.glance
  if (idle !== undefined && targets[0]?.provider.protocol !== codec.name) {
    replyIdle(exchange, source, idle, context)
    return
  }
  if (!source.glance.stream) {
    // It goes out whole or not at all.
    const whole: Reply = {
      begun: false,
      send: (plan, answer) => replyWhole(exchange, source, plan, answer, context),
    }
    await tryTargets(
      exchange,
      targets,
      context.trying,
      () => false,
      (target) => tryTarget(exchange, bringMedia, target, context, whole),
    )
    return
  }
  const reply = createStreamReply(exchange, source, context)
  try {
    await tryTargets(
      exchange,
      targets,
      context.trying,
      () => reply.begun,
      (target) => tryTarget(exchange, bringMedia, target, context, reply),
    )
  } catch (error) {
    const failure = endedBy(abort.signal) ?? toFailure(error)
    if (!reply.fail(failure.error)) throw error
    if (!(error instanceof ApiFailure)) exchange.record.cause = error
  }
}

async function tryTarget(
  exchange: Exchange,
  bringMedia: BringMedia,
  target: Target,
  context: GatewayContext,
  reply: Reply,
): Promise<void> {
  const { record, abort } = exchange
  const codec = context.codecNamed(target.provider.protocol)
  const plan = planCall(exchange, await bringMedia(target, codec), target, codec, context)
  record.road = plan.road
  record.losses.push(...plan.losses)
  const answer = await context.upstream.send(plan.call, abort.signal)
  try {
    if (answer.status >= 400) throw await readFailure(answer, codec, target)
    await reply.send(plan, answer)
  } catch (error) {
    answer.body.destroy()
    const isRefusal = plan.offersTools && error instanceof ApiFailure && refusesTools(error.error)
    if (!isRefusal || reply.begun || record.acted === true) throw error
    // From now on it is told of tools in words; nobody has heard anything of this answer.
    context.toolRefusals.note(target)
    record.losses = []
    await tryTarget(exchange, bringMedia, target, context, reply)
  }
}
