/**
 * `/v1/responses/compact`: a long conversation becomes a short one, the user's own turns and one item that stands for all else.
 *
 * The API encrypts what it remembers in that item. Over a back end of another protocol the model is asked for a summary, and
 * the item holds that, sealed: a later request with it is one whose conversation begins with the summary.
 *
 * @see https://platform.openai.com/docs/api-reference/responses/compact
 */
import type { Encoded, ReplyContext } from '../codec.ts'
import { ApiFailure } from '../ir/error.ts'
import type { JsonObject } from '../ir/extra.ts'
import { listLosses } from '../ir/loss.ts'
import type { Message } from '../ir/message.ts'
import type { ChatRequest } from '../ir/request.ts'
import type { ChatResponse } from '../ir/response.ts'
import { listItems } from './list-items.ts'
import { createRest, isSpelled, PROTOCOL } from './rest.ts'
import { writeSummary } from './summary.ts'
import { encodeUsage } from './usage.ts'

export const COMPACTION_OBJECT = 'response.compaction'

/** Spelling of a message that this codec added: a back end of the protocol knows by the path what is wanted. */
const WISH = 'compaction'

const WISH_TEXT =
  'Summarise the conversation above so that it can go on without its text. Keep what was asked and decided, what was done ' +
  'and found out, every name, number, path and piece of code that still matters, and what is left to do. ' +
  'Answer with the summary alone and call no tool.'

/** The request to a model that knows no such endpoint: the conversation, and the wish for its summary. */
export function askForSummary(request: ChatRequest): ChatRequest {
  const rest = createRest()
  rest.spell(WISH)
  const wish: Message = { role: 'user', parts: [{ type: 'text', text: WISH_TEXT }], ...rest.kept() }
  return {
    ...request,
    messages: [...request.messages, wish],
    ...(request.tools === undefined ? {} : { toolChoice: { type: 'none' } }),
    settings: { ...request.settings, store: false },
    stream: false,
  }
}

/** The request as it was before `askForSummary`, for a back end that has the endpoint; any other request itself. */
export function withoutWish(request: ChatRequest): ChatRequest {
  if (!request.messages.some((message) => isSpelled(message, WISH))) return request
  const { toolChoice: _toolChoice, settings, ...rest } = request
  const { store: _store, ...others } = settings
  return { ...rest, messages: request.messages.filter((message) => !isSpelled(message, WISH)), settings: others }
}

/** @throws ApiFailure `upstream-failed` when the model said nothing that could stand for the conversation. */
export function encodeCompaction(response: ChatResponse, reply: ReplyContext): Encoded {
  const { losses, report } = listLosses()
  const parts = response.choices[0]?.parts ?? []
  const own = parts.flatMap((part) => (part.type === 'opaque' && part.protocol === PROTOCOL ? [part.value] : []))
  return {
    body: {
      id: `resp_${reply.id}`,
      object: COMPACTION_OBJECT,
      created_at: response.createdAt ?? reply.createdAt,
      output: own.length > 0 ? own : [...keepUserTurns(reply), makeItem(response, reply)],
      usage: encodeUsage(response.usage ?? {}, report),
    },
    losses,
  }
}

/** As the API does: what the user said stays word for word. */
function keepUserTurns({ request, id }: ReplyContext): JsonObject[] {
  const isKept = (message: Message) => message.role === 'user' && !isSpelled(message, WISH)
  return listItems((request?.messages ?? []).filter(isKept), `${id}_`)
}

function makeItem(response: ChatResponse, { id }: ReplyContext): JsonObject {
  const texts = (response.choices[0]?.parts ?? []).flatMap((part) => (part.type === 'text' ? [part.text] : []))
  const summary = texts.join('').trim()
  if (summary === '') {
    throw new ApiFailure({
      kind: 'upstream-failed',
      message: 'The model gave no summary of the conversation.',
      source: 'provider',
    })
  }
  return writeSummary(summary, `cmp_${id}`)
}
