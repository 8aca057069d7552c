/** Everything that tunes an answer, read from a request. */

import { defined } from '../ir/defined.ts'
import {
  type Expect,
  expectBoolean,
  expectInteger,
  expectList,
  expectNumber,
  expectObject,
  expectPositiveInteger,
  expectRange,
  expectString,
  optional,
  refuse,
} from '../ir/expect.ts'
import type { JsonObject } from '../ir/extra.ts'
import type { ReportLoss } from '../ir/loss.ts'
import type { ChatSettings } from '../ir/request.ts'
import { decodeReasoningSettings, REASONING_MEMBERS } from './reasoning-settings.ts'
import { decodeResponseFormat } from './response-format.ts'
import type { Rest } from './rest.ts'

/** Members of a request that are settings. */
export const SETTING_MEMBERS: readonly string[] = [
  ...REASONING_MEMBERS,
  'max_completion_tokens',
  'max_tokens',
  'temperature',
  'top_p',
  'top_k',
  'stop',
  'stop_sequences',
  'seed',
  'presence_penalty',
  'frequency_penalty',
  'logit_bias',
  'logprobs',
  'top_logprobs',
  'n',
  'response_format',
  'verbosity',
  'user',
  'safety_identifier',
  'metadata',
  'store',
  'service_tier',
  'prompt_cache_key',
]

const expectPenalty = expectRange(-2, 2)

/** @throws ApiFailure `bad-request` naming the member. */
export function decodeSettings(fields: JsonObject, rest: Rest, report: ReportLoss): ChatSettings {
  function read<Value>(name: string, expect: Expect<Value>): Value | undefined {
    return optional(fields[name], name, expect)
  }
  return defined<ChatSettings>({
    maxOutputTokens: readLimit(fields, rest, report),
    temperature: read('temperature', expectRange(0, 2)),
    topP: read('top_p', expectRange(0, 1)),
    topK: read('top_k', expectInteger),
    stop: readStop(fields, rest),
    seed: read('seed', expectInteger),
    presencePenalty: read('presence_penalty', expectPenalty),
    frequencyPenalty: read('frequency_penalty', expectPenalty),
    logitBias: readBias(fields),
    logprobs: read('logprobs', expectBoolean),
    topLogprobs: read('top_logprobs', expectCount),
    candidates: read('n', expectPositiveInteger),
    responseFormat: decodeResponseFormat(fields, rest),
    reasoning: decodeReasoningSettings(fields, rest),
    verbosity: read('verbosity', expectString),
    userId: readUser(fields, rest),
    metadata: read('metadata', expectObject),
    store: read('store', expectBoolean),
    serviceTier: read('service_tier', expectString),
    promptCacheKey: read('prompt_cache_key', expectString),
  })
}

const expectCount: Expect<number> = (value, path) => {
  const count = expectInteger(value, path)
  return count >= 0 ? count : refuse(path, `expected at least 0, got ${count}`)
}

/** The new name wins over the old one where a client sends both (trap 112). */
function readLimit(fields: JsonObject, rest: Rest, report: ReportLoss): number | undefined {
  const limit = optional(fields.max_completion_tokens, 'max_completion_tokens', expectPositiveInteger)
  const older = optional(fields.max_tokens, 'max_tokens', expectPositiveInteger)
  if (limit === undefined) {
    if (older !== undefined) rest.spell('max_tokens')
    return older
  }
  if (older !== undefined && older !== limit) {
    report('settings.maxOutputTokens', `max_tokens ${older} does not count beside max_completion_tokens`)
  }
  return limit
}

function readStop(fields: JsonObject, rest: Rest): readonly string[] | undefined {
  const stop = fields.stop ?? fields.stop_sequences
  if (typeof stop === 'string') {
    rest.spell('stop:string')
    return [stop]
  }
  const path = fields.stop === undefined || fields.stop === null ? 'stop_sequences' : 'stop'
  return optional(stop, path, expectList(expectString))
}

function readBias(fields: JsonObject): Readonly<Record<string, number>> | undefined {
  const bias = optional(fields.logit_bias, 'logit_bias', expectObject)
  if (bias === undefined) return undefined
  for (const [token, value] of Object.entries(bias)) expectNumber(value, `logit_bias.${token}`)
  // Checked entry by entry above.
  return bias as Readonly<Record<string, number>>
}

/** Two members name the end user; where both stand, the second goes back as it is. */
function readUser(fields: JsonObject, rest: Rest): string | undefined {
  const user = optional(fields.user, 'user', expectString)
  const identifier = optional(fields.safety_identifier, 'safety_identifier', expectString)
  if (user !== undefined && identifier !== undefined) rest.keep('safety_identifier', identifier)
  else if (identifier !== undefined) rest.spell('safety_identifier')
  return user ?? identifier
}
