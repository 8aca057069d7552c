/** Why the model stopped: `finishReason`, and `promptFeedback.blockReason` where it never began. */
import type { Finish, FinishReason } from '../ir/finish.ts'
import { PROTOCOL } from './keep.ts'

/** In the order of the numbers that stand for them where enumerations are asked for as such (Q75). */
const WORDS = [
  'FINISH_REASON_UNSPECIFIED',
  'STOP',
  'MAX_TOKENS',
  'SAFETY',
  'RECITATION',
  'OTHER',
  'BLOCKLIST',
  'PROHIBITED_CONTENT',
  'SPII',
  'MALFORMED_FUNCTION_CALL',
  'MODEL_ARMOR',
  'IMAGE_SAFETY',
  'IMAGE_PROHIBITED_CONTENT',
  'IMAGE_RECITATION',
  'IMAGE_OTHER',
  'UNEXPECTED_TOOL_CALL',
  'NO_IMAGE',
]

const BLOCK_WORDS = ['BLOCKED_REASON_UNSPECIFIED', 'SAFETY', 'OTHER', 'BLOCKLIST', 'PROHIBITED_CONTENT']

/** @see https://ai.google.dev/api/generate-content#FinishReason */
const REASONS: ReadonlyMap<string, FinishReason> = new Map<string, FinishReason>([
  ['FINISH_REASON_UNSPECIFIED', 'stop'],
  ['STOP', 'stop'],
  ['MAX_TOKENS', 'length'],
  ['SAFETY', 'content-filter'],
  ['RECITATION', 'content-filter'],
  ['LANGUAGE', 'content-filter'],
  ['BLOCKLIST', 'content-filter'],
  ['PROHIBITED_CONTENT', 'content-filter'],
  ['SPII', 'content-filter'],
  ['MODEL_ARMOR', 'content-filter'],
  ['IMAGE_SAFETY', 'content-filter'],
  ['IMAGE_PROHIBITED_CONTENT', 'content-filter'],
  ['IMAGE_RECITATION', 'content-filter'],
  ['OTHER', 'error'],
  ['IMAGE_OTHER', 'error'],
  ['NO_IMAGE', 'error'],
  ['MALFORMED_FUNCTION_CALL', 'error'],
  ['MALFORMED_RESPONSE', 'error'],
  ['UNEXPECTED_TOOL_CALL', 'error'],
  ['TOO_MANY_TOOL_CALLS', 'error'],
  ['MISSING_THOUGHT_SIGNATURE', 'error'],
])

/** These say no more than the neutral reason. */
const PLAIN: Record<FinishReason, string> = {
  stop: 'STOP',
  length: 'MAX_TOKENS',
  'tool-calls': 'STOP',
  'content-filter': 'SAFETY',
  refusal: 'SAFETY',
  pause: 'STOP',
  error: 'OTHER',
}

/** Says of an original word that it tells why the prompt was refused, and not how the answer ended. */
const PROMPT = 'prompt:'

/** A word of tomorrow counts as a plain stop and is kept. @returns nothing while the answer goes on. */
export function decodeFinish(value: unknown): Finish | undefined {
  const word = typeof value === 'number' ? WORDS[value] : value
  if (typeof word !== 'string' || word === '') return undefined
  const reason = REASONS.get(word) ?? 'stop'
  return PLAIN[reason] === word ? { reason } : { reason, original: { protocol: PROTOCOL, value: word } }
}

/** The end of an answer that never began, because the prompt was refused. */
export function decodeBlock(value: unknown): Finish {
  const word = (typeof value === 'number' ? BLOCK_WORDS[value] : value) ?? 'OTHER'
  return { reason: 'content-filter', original: { protocol: PROTOCOL, value: `${PROMPT}${String(word)}` } }
}

/** Why the prompt was refused, if it was. */
export function blockOf({ original }: Finish): string | undefined {
  if (original?.protocol !== PROTOCOL || !original.value.startsWith(PROMPT)) return undefined
  return original.value.slice(PROMPT.length)
}

/** The word for a neutral reason; the original one as long as it still says the same. A call finishes with STOP (Q65). */
export function encodeFinish({ reason, original }: Finish): string {
  if (original?.protocol !== PROTOCOL) return PLAIN[reason]
  const told = REASONS.get(original.value) ?? 'stop'
  return told === reason || (told === 'stop' && reason === 'tool-calls') ? original.value : PLAIN[reason]
}
