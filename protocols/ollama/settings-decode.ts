/** Everything that tunes an answer, read from a request: some of it at the top, most of it in `options`. */
import { defined } from '../ir/defined.ts'
import {
  type Expect,
  expectBoolean,
  expectInteger,
  expectList,
  expectNumber,
  expectObject,
  expectString,
  optional,
  refuse,
} from '../ir/expect.ts'
import type { JsonObject } from '../ir/extra.ts'
import type { ChatSettings, ReasoningSettings, ResponseFormat } from '../ir/request.ts'
import type { Rest } from '../ir/rest.ts'

/** Members at the top of a request that are settings. */
export const SETTING_MEMBERS: readonly string[] = ['format', 'think', 'logprobs', 'top_logprobs', 'options']

const OPTIONS = new Set([
  'num_predict',
  'temperature',
  'top_p',
  'top_k',
  'seed',
  'stop',
  'presence_penalty',
  'frequency_penalty',
])

/** The client wrote one stop text without a list around it. */
export const BARE_STOP = 'stop:bare'

/** @throws ApiFailure `bad-request` naming the member. */
export function decodeSettings(fields: JsonObject, rest: Rest): ChatSettings {
  const options = optional(fields.options, 'options', expectObject) ?? {}
  function read<Value>(name: string, expect: Expect<Value>): Value | undefined {
    return optional(options[name], `options.${name}`, expect)
  }
  const limit = read('num_predict', expectInteger)
  // Below 1 it means without end, or until the context is full: no protocol has a word for that, and none needs one.
  if (limit !== undefined && limit < 1) rest.note(UNLIMITED, String(limit))
  rest.take(options, OPTIONS, 'options.')
  return defined<ChatSettings>({
    maxOutputTokens: limit !== undefined && limit >= 1 ? limit : undefined,
    temperature: read('temperature', expectNumber),
    topP: read('top_p', expectNumber),
    topK: read('top_k', expectInteger),
    stop: readStop(options, rest),
    seed: read('seed', expectInteger),
    presencePenalty: read('presence_penalty', expectNumber),
    frequencyPenalty: read('frequency_penalty', expectNumber),
    logprobs: optional(fields.logprobs, 'logprobs', expectBoolean),
    topLogprobs: optional(fields.top_logprobs, 'top_logprobs', expectInteger),
    responseFormat: optional(fields.format, 'format', readFormat),
    reasoning: optional(fields.think, 'think', readThink),
  })
}

/** Prefix of the note that keeps such a limit for the same protocol. */
export const UNLIMITED = 'num_predict:'

function readStop(options: JsonObject, rest: Rest): readonly string[] | undefined {
  const { stop } = options
  if (typeof stop !== 'string') return optional(stop, 'options.stop', expectList(expectString))
  rest.spell(BARE_STOP)
  return [stop]
}

const readFormat: Expect<ResponseFormat> = (value, path) => {
  if (value === 'json') return { type: 'json' }
  if (typeof value === 'string') refuse(path, `expected "json" or a JSON Schema, got "${value.slice(0, 40)}"`)
  return { type: 'json-schema', schema: expectObject(value, path) }
}

const readThink: Expect<ReasoningSettings> = (value, path) => {
  if (typeof value === 'string') return { effort: value }
  return { mode: expectBoolean(value, path) ? 'on' : 'off' }
}
