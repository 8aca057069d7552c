/** Why a model stopped: `finish_reason` on the wire. */
import type { Finish, FinishReason } from '../ir/finish.ts'
import { PROTOCOL } from './rest.ts'

/** OpenAI's own words, and those of its copies (Q31). */
const REASONS: Readonly<Record<string, FinishReason>> = {
  stop: 'stop',
  length: 'length',
  tool_calls: 'tool-calls',
  function_call: 'tool-calls',
  content_filter: 'content-filter',
  eos: 'stop',
  eos_token: 'stop',
  stop_sequence: 'stop',
  end_turn: 'stop',
  max_tokens: 'length',
  model_length: 'length',
  tool_use: 'tool-calls',
  sensitive: 'content-filter',
  safety: 'content-filter',
  refusal: 'refusal',
  error: 'error',
  network_error: 'error',
  insufficient_system_resource: 'error',
}

/** What the answer held; it is believed more than the word that ended it. */
export interface Said {
  readonly calls: boolean
  readonly refusal: boolean
}

/** @param word `finish_reason` as it came; empty, null and absent say nothing, a word of tomorrow is an ordinary end. */
export function decodeFinish(word: unknown, said: Said): Finish {
  const told = typeof word === 'string' && word !== '' ? word : undefined
  const meant = told !== undefined && Object.hasOwn(REASONS, told) ? (REASONS[told] ?? 'stop') : 'stop'
  const reason = correct(meant, said)
  if (told === undefined || told === WORDS[reason]) return { reason }
  return { reason, original: { protocol: PROTOCOL, value: told } }
}

function correct(reason: FinishReason, said: Said): FinishReason {
  if (reason !== 'stop') return reason
  if (said.calls) return 'tool-calls'
  return said.refusal ? 'refusal' : 'stop'
}

/** The wire's nearest word for each end. */
const WORDS: Readonly<Record<FinishReason, string>> = {
  stop: 'stop',
  length: 'length',
  'tool-calls': 'tool_calls',
  'content-filter': 'content_filter',
  refusal: 'content_filter',
  pause: 'stop',
  error: 'stop',
}

/** Ends that the wire has no word for. */
const UNSAYABLE: ReadonlySet<FinishReason> = new Set<FinishReason>(['pause', 'error'])

export interface WrittenFinish {
  readonly word: string
  /** What had to be said differently. */
  readonly change?: string
}

/** @param hasRefusal the answer holds a refusal of its own, which ends with `stop` at OpenAI. */
export function encodeFinish(finish: Finish, hasRefusal: boolean): WrittenFinish {
  if (finish.reason === 'refusal' && hasRefusal) return { word: 'stop' }
  const original = finish.original?.protocol === PROTOCOL ? finish.original.value : undefined
  if (original === 'function_call' && finish.reason === 'tool-calls') return { word: original }
  const word = WORDS[finish.reason]
  return UNSAYABLE.has(finish.reason) ? { word, change: `this protocol cannot say "${finish.reason}"` } : { word }
}
