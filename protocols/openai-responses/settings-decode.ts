/** Everything that tunes an answer, read from a request. */
import { defined } from '../ir/defined.ts'
import {
  type Expect,
  expectArray,
  expectBoolean,
  expectInteger,
  expectObject,
  expectPositiveInteger,
  expectRange,
  expectString,
  optional,
} from '../ir/expect.ts'
import type { JsonObject } from '../ir/extra.ts'
import type { ChatSettings, ReasoningSettings, ResponseFormat } from '../ir/request.ts'
import type { Rest } from '../ir/rest.ts'

/** Members of a request that are settings. */
export const SETTING_MEMBERS: readonly string[] = [
  'max_output_tokens',
  'temperature',
  'top_p',
  'top_logprobs',
  'text',
  'reasoning',
  'include',
  'user',
  'safety_identifier',
  'metadata',
  'store',
  'service_tier',
  'prompt_cache_key',
]

const TEXT_MEMBERS = new Set(['format', 'verbosity'])
const FORMAT_MEMBERS = new Set(['type', 'name', 'description', 'schema', 'strict'])
const REASONING_MEMBERS = new Set(['effort', 'summary'])

/** Spellings of what was there, be it empty, and of what a list held. */
export const HAS_TEXT = 'text'
export const HAS_REASONING = 'reasoning'
export const SAFETY_IDENTIFIER = 'safety_identifier'
export const INCLUDE = 'include:'
export const INCLUDE_PROOFS = 'reasoning.encrypted_content'
export const INCLUDE_LOGPROBS = 'message.output_text.logprobs'

/** @throws ApiFailure `bad-request` naming the member. */
export function decodeSettings(fields: JsonObject, rest: Rest): ChatSettings {
  function read<Value>(name: string, expect: Expect<Value>): Value | undefined {
    return optional(fields[name], name, expect)
  }
  const text = read('text', expectObject)
  if (text !== undefined) {
    rest.spell(HAS_TEXT)
    rest.take(text, TEXT_MEMBERS, 'text.')
  }
  return defined<ChatSettings>({
    maxOutputTokens: read('max_output_tokens', expectPositiveInteger),
    temperature: read('temperature', expectRange(0, 2)),
    topP: read('top_p', expectRange(0, 1)),
    logprobs: readInclude(fields, rest),
    topLogprobs: read('top_logprobs', expectInteger),
    responseFormat: readFormat(text, rest),
    reasoning: readReasoning(fields, rest),
    verbosity: optional(text?.verbosity, 'text.verbosity', expectString),
    userId: readUser(fields, rest),
    metadata: read('metadata', expectObject),
    store: read('store', expectBoolean),
    serviceTier: read('service_tier', expectString),
    promptCacheKey: read('prompt_cache_key', expectString),
  })
}

/** Proofs of thoughts always come with our answers, so that asking for them is nothing to be lost; log probabilities are a setting. */
function readInclude(fields: JsonObject, rest: Rest): boolean | undefined {
  const include = optional(fields.include, 'include', expectArray)
  if (include === undefined) return undefined
  const isPlain = include.every((one) => one === INCLUDE_PROOFS || one === INCLUDE_LOGPROBS)
  if (isPlain) rest.note(INCLUDE, include.join(','))
  else rest.keep('include', include)
  return include.includes(INCLUDE_LOGPROBS) ? true : undefined
}

/** Nothing for a type that nobody knows: it is kept as it is. */
function readFormat(text: JsonObject | undefined, rest: Rest): ResponseFormat | undefined {
  const format = optional(text?.format, 'text.format', expectObject)
  if (format === undefined) return undefined
  const type = expectString(format.type, 'text.format.type')
  if (type !== 'text' && type !== 'json_object' && type !== 'json_schema') {
    rest.keep('text.format', format)
    return undefined
  }
  rest.take(format, FORMAT_MEMBERS, 'text.format.')
  if (type !== 'json_schema') return { type: type === 'text' ? 'text' : 'json' }
  return defined<ResponseFormat & { type: 'json-schema' }>({
    type: 'json-schema',
    schema: expectObject(format.schema, 'text.format.schema'),
    name: optional(format.name, 'text.format.name', expectString),
    description: optional(format.description, 'text.format.description', expectString),
    strict: optional(format.strict, 'text.format.strict', expectBoolean),
  })
}

function readReasoning(fields: JsonObject, rest: Rest): ReasoningSettings | undefined {
  const reasoning = optional(fields.reasoning, 'reasoning', expectObject)
  if (reasoning === undefined) return undefined
  rest.spell(HAS_REASONING)
  rest.take(reasoning, REASONING_MEMBERS, 'reasoning.')
  return defined<ReasoningSettings>({
    effort: optional(reasoning.effort, 'reasoning.effort', expectString),
    display: optional(reasoning.summary, 'reasoning.summary', expectString),
  })
}

/** Two members name the end user; where both stand, the second goes back as it is. */
function readUser(fields: JsonObject, rest: Rest): string | undefined {
  const user = optional(fields.user, 'user', expectString)
  const identifier = optional(fields.safety_identifier, SAFETY_IDENTIFIER, expectString)
  if (user !== undefined && identifier !== undefined) rest.keep(SAFETY_IDENTIFIER, identifier)
  else if (identifier !== undefined) rest.spell(SAFETY_IDENTIFIER)
  return user ?? identifier
}
