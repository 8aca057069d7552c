/** Gives the client its answer in one piece. */
import { createCollector } from '../../protocols/ir/collect.ts'
import { ApiFailure } from '../../protocols/ir/error.ts'
import type { ChatResponse } from '../../protocols/ir/response.ts'
import { restoreCalls } from '../../protocols/ir/restore-calls.ts'
import { sendJson } from '../http/answer.ts'
import type { UpstreamAnswer } from '../upstream/upstream.ts'
import { kindOfAnswer } from './answer-kind.ts'
import { estimateUsage } from './estimate-usage.ts'
import type { Exchange } from './exchange.ts'
import type { GatewayContext } from './gateway-context.ts'
import { keepAnswer } from './keep-answer.ts'
import type { Plan } from './plan.ts'
import { pickHeaders } from './plan-call.ts'
import { readBytes } from './read-bytes.ts'
import { ANSWER_LIMIT_BYTES, parseAnswer, readWhole } from './read-response.ts'
import { createReplyContext } from './reply-context.ts'
import { replyHeaders } from './reply-headers.ts'
import type { RequestSource } from './request-source.ts'
import { type Telling, tellAnswer } from './steps/tell-steps.ts'
import { refusesTools } from './tool-refusals.ts'

const OPENING_BRACE = 123

/** No error is longer, and answers that are need not be read. */
const MOST_ERROR_BYTES = 64 * 1024

/** @throws ApiFailure when the answer is none; nothing has been sent then. */
export async function replyWhole(
  exchange: Exchange,
  source: RequestSource,
  plan: Plan,
  answer: UpstreamAnswer,
  context: GatewayContext,
): Promise<void> {
  const kind = kindOfAnswer(answer, plan.codec, 'whole')
  if (plan.road === 'relay' && kind === 'whole') return relayWhole(exchange, plan, answer)

  const reply = createReplyContext(exchange, source, context)
  const isPlain = kind === 'whole' && plan.listen === undefined && plan.goesOn === undefined
  const said = isPlain
    ? await hearPlain(exchange, plan, answer)
    : await collectAnswer(plan, answer, {
        exchange,
        context,
        form: 'whole',
        kind,
        id: reply.id,
        graceMs: context.graceMs,
      })
  const response = estimateUsage(said, reply.estimatedInputTokens)
  const encoded = exchange.codec.response.encode(response, reply)
  const { record } = exchange
  if (plan.scope !== undefined) {
    for (const choice of response.choices) context.reasoning.remember(plan.scope, choice.parts)
  }
  record.losses.push(...encoded.losses)
  if (response.usage !== undefined) record.usage = response.usage
  markFirstByte(exchange)
  sendJson(exchange.response, 200, replyHeaders(exchange), encoded.body)
  keepAnswer(exchange, source, response, encoded.body, context)
}

/** Most answers come in one piece and are to be given in one: no events are made of them. */
async function hearPlain(exchange: Exchange, plan: Plan, answer: UpstreamAnswer): Promise<ChatResponse> {
  const { response, losses } = await readWhole(answer.body, plan.codec, { facts: plan.target.facts })
  exchange.record.losses.push(...losses)
  return shapeBack(response, plan)
}

/** @throws ApiFailure what the answer broke off with. */
async function collectAnswer(
  plan: Plan,
  answer: UpstreamAnswer,
  telling: Omit<Telling, 'take'>,
): Promise<ChatResponse> {
  const collector = createCollector()
  const take: Telling['take'] = (event) => {
    collector.push(event)
    return true
  }
  await tellAnswer(plan, answer, { ...telling, take })
  const { result } = collector
  if (result === undefined) throw new Error('an answer has been heard without its end')
  if ('error' in result) throw new ApiFailure(result.error)
  return result.response
}

/** Calls of tools, as the client knows them. */
function shapeBack(response: ChatResponse, { called }: Plan): ChatResponse {
  if (called === undefined) return response
  const choices = response.choices.map((choice) => ({ ...choice, parts: restoreCalls(choice.parts, called) }))
  return { ...response, choices }
}

/** The bytes come first whole, then go out: so an answer that breaks off can still be had from the next target. */
async function relayWhole(exchange: Exchange, plan: Plan, answer: UpstreamAnswer): Promise<void> {
  const bytes = await readBytes(answer.body, { bytes: ANSWER_LIMIT_BYTES, beyond: 'refuse' })
  if (bytes.find((byte) => byte > 32) !== OPENING_BRACE) {
    throw new ApiFailure({
      kind: 'upstream-failed',
      message: `The provider answered ${answer.status} with something that is no JSON object.`,
      source: 'provider',
    })
  }
  if (plan.offersTools) refuseRefusal(bytes, plan)
  const usage = plan.codec.response.usage(bytes)
  if (usage !== undefined) exchange.record.usage = usage
  const contentType = answer.headers['content-type']
  markFirstByte(exchange)
  sendJson(
    exchange.response,
    answer.status,
    {
      ...pickHeaders(answer.headers, plan.codec.returnedHeaders),
      ...(contentType === undefined ? {} : { 'content-type': contentType }),
      ...replyHeaders(exchange),
    },
    bytes,
  )
}

/** @throws ApiFailure when the answer is an error that says that the model takes no tools. */
function refuseRefusal(bytes: Buffer, { codec, target }: Plan): void {
  if (bytes.byteLength > MOST_ERROR_BYTES || !bytes.includes('"error"')) return
  try {
    codec.response.decode(parseAnswer(bytes), { facts: target.facts })
  } catch (error) {
    if (error instanceof ApiFailure && refusesTools(error.error)) throw error
    // Whatever else it is, it is the client's.
  }
}

function markFirstByte(exchange: Exchange): void {
  exchange.record.firstByteMs ??= performance.now() - exchange.startedAt
}
