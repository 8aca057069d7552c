/** What an answer bears beside what was said: the same for a whole answer and for the events of a stream. */
import type { ReplyContext } from '../codec.ts'
import { defined } from '../ir/defined.ts'
import type { Extra, JsonObject } from '../ir/extra.ts'
import type { ReportLoss } from '../ir/loss.ts'
import type { ChatRequest } from '../ir/request.ts'
import type { ChatResponse } from '../ir/response.ts'
import { echoRequest } from './echo.ts'
import { PROTOCOL } from './rest.ts'
import type { ResponseObject } from './wire.ts'

const MEMBERS: ReadonlySet<string> = new Set([
  'id',
  'object',
  'created_at',
  'status',
  'error',
  'incomplete_details',
  'model',
  'output',
  'usage',
  'service_tier',
])

/** What only repeats the request, or tells of the server's books: nobody else misses it (Q52). */
const ECHOED: ReadonlySet<string> = new Set([
  'background',
  'billing',
  'completed_at',
  'conversation',
  'frequency_penalty',
  'instructions',
  'max_output_tokens',
  'max_tool_calls',
  'metadata',
  'parallel_tool_calls',
  'presence_penalty',
  'previous_response_id',
  'prompt',
  'prompt_cache_key',
  'prompt_cache_options',
  'prompt_cache_retention',
  'reasoning',
  'safety_identifier',
  'store',
  'temperature',
  'text',
  'tool_choice',
  'tools',
  'top_logprobs',
  'top_p',
  'truncation',
  'user',
])

type Head = Pick<ChatResponse, 'id' | 'model' | 'createdAt' | 'serviceTier' | 'extra' | 'echo'>

export function decodeHead(fields: JsonObject): Head {
  const echo: Record<string, unknown> = {}
  const others: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(fields)) {
    // Null says nothing that others could miss.
    const isEcho = ECHOED.has(name) || (value === null && (!MEMBERS.has(name) || name === 'service_tier'))
    if (isEcho) echo[name] = value
    else if (!MEMBERS.has(name)) others[name] = value
  }
  const created = fields.created_at
  return defined<Head>({
    id: typeof fields.id === 'string' ? fields.id : '',
    model: typeof fields.model === 'string' ? fields.model : '',
    createdAt: typeof created === 'number' && created > 0 ? Math.floor(created) : undefined,
    serviceTier: typeof fields.service_tier === 'string' ? fields.service_tier : undefined,
    extra: Object.keys(others).length === 0 ? undefined : { protocol: PROTOCOL, fields: others },
    echo: Object.keys(echo).length === 0 ? undefined : { protocol: PROTOCOL, fields: echo },
  })
}

/** Tiers that an answer of this API may have been served with. */
const TIERS: ReadonlySet<string> = new Set(['auto', 'default', 'flex', 'scale', 'priority', 'fast', 'ultrafast'])

interface ToldHead {
  readonly id?: string
  readonly createdAt?: number
  readonly serviceTier?: string
  readonly echo?: Extra
}

/** An answer that has begun and says nothing yet, complete by the schema. */
export function encodeHead(told: ToldHead, context: ReplyContext, report: ReportLoss): ResponseObject {
  const isMine = told.echo?.protocol === PROTOCOL
  // Ids of other protocols look like what they are; copies of this API have ids of their own.
  const isUsable = told.id !== undefined && (isMine ? /^[\w.:-]{1,200}$/ : /^resp_[\w-]{1,200}$/).test(told.id)
  const created = Math.floor(told.createdAt ?? 0)
  const tier = told.serviceTier
  if (tier !== undefined && !TIERS.has(tier)) report('serviceTier', `the Responses API has no tier "${tier}"`)
  const echo = isMine ? told.echo?.fields : echoRequest(context.request)
  const own = isMine ? ownWords(told.echo?.fields ?? {}, context.request) : undefined
  return {
    id: isUsable ? (told.id ?? '') : `resp_${context.id}`,
    object: 'response',
    created_at: created > 0 ? created : context.createdAt,
    status: 'in_progress',
    error: null,
    incomplete_details: null,
    model: context.askedModel,
    output: [],
    usage: null,
    ...echo,
    ...own,
    ...(context.kept === undefined ? {} : { store: context.kept }),
    ...(context.previous === undefined ? {} : { previous_response_id: context.previous }),
    ...(tier !== undefined && TIERS.has(tier) ? { service_tier: tier } : {}),
  }
}

/**
 * Where a back end was told other instructions or tools than the client wrote (a group's prompt, tools in words), it repeats
 * those: the client is told its own.
 */
function ownWords(echo: JsonObject, request: ChatRequest | undefined): JsonObject | undefined {
  const { instructions: told, tools: offered } = echo
  if (request === undefined) return undefined
  const { instructions, tools, tool_choice, parallel_tool_calls } = echoRequest(request)
  const isSame = (typeof told !== 'string' || told === instructions) && countOf(offered) === countOf(tools)
  return isSame ? undefined : { instructions, tools, tool_choice, parallel_tool_calls }
}

function countOf(list: unknown): number {
  return Array.isArray(list) ? list.length : 0
}
