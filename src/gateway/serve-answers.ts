/** Answers that were kept: shown again, listed with what they answered, and deleted. */
import { ApiFailure } from '../../protocols/ir/error.ts'
import type { StoredAnswer } from '../conversation/stored-answers.ts'
import { sendJson } from '../http/answer.ts'
import type { Exchange } from './exchange.ts'
import type { GatewayContext } from './gateway-context.ts'
import { replyHeaders } from './reply-headers.ts'

type Serve = (exchange: Exchange, context: GatewayContext) => Promise<void>

/** @throws ApiFailure `not-found` */
export const serveAnswer: Serve = async (exchange, context) => {
  sendJson(exchange.response, 200, replyHeaders(exchange), findAnswer(exchange, context).answer)
}

/** @throws ApiFailure `not-found` */
export const serveAnswerDeletion: Serve = async (exchange, context) => {
  const { id } = findAnswer(exchange, context)
  context.answers.delete(exchange.group, id)
  sendJson(exchange.response, 200, replyHeaders(exchange), faceOf(exchange).deleted(id))
}

/** @throws ApiFailure `not-found`, or `bad-request` for a query that is wrong. */
export const serveAnswerInput: Serve = async (exchange, context) => {
  const { input } = findAnswer(exchange, context)
  sendJson(exchange.response, 200, replyHeaders(exchange), faceOf(exchange).list(input, exchange.wire.query))
}

/** Answers are kept when they are complete, so there is never one to stop. @throws ApiFailure, always. */
export const serveAnswerCancel: Serve = async (exchange, context) => {
  const { id } = findAnswer(exchange, context)
  const message = `Only answers that are made in the background can be cancelled, and ${id} is complete.`
  throw new ApiFailure({ kind: 'bad-request', message, source: 'proxy' })
}

function findAnswer(exchange: Exchange, context: GatewayContext): StoredAnswer {
  const id = exchange.wire.params['id'] ?? ''
  const answer = context.answers.find(exchange.group, id)
  if (answer !== undefined) return answer
  const message = `There is no stored answer ${JSON.stringify(id.slice(0, 100))} in the group "${exchange.group}".`
  throw new ApiFailure({ kind: 'not-found', message, source: 'proxy' })
}

function faceOf({ codec }: Exchange) {
  if (codec.stored === undefined) throw new Error(`codec ${codec.name} has endpoints for stored answers but no shape`)
  return codec.stored
}
