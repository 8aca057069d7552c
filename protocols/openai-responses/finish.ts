/** Why an answer ended: `status` and `incomplete_details` on the wire. */
import type { Finish, FinishReason } from '../ir/finish.ts'
import { isObject } from './is-object.ts'
import { PROTOCOL } from './rest.ts'
import type { ResponseStatus } from './wire.ts'

/** What the answer held; it is believed more than the word that ended it. */
export interface Said {
  readonly calls: boolean
  readonly refusal: boolean
}

const CUTS: Readonly<Record<string, FinishReason>> = {
  max_output_tokens: 'length',
  content_filter: 'content-filter',
}

/** For an answer that is there; of one that failed its error is told instead. */
export function decodeFinish(status: unknown, details: unknown, said: Said): Finish {
  if (status === 'incomplete') {
    const cause = isObject(details) && typeof details.reason === 'string' ? details.reason : undefined
    const reason = cause !== undefined && Object.hasOwn(CUTS, cause) ? (CUTS[cause] ?? 'length') : 'length'
    return cause === undefined || cause === WORDS[reason].cut
      ? { reason }
      : { reason, original: { protocol: PROTOCOL, value: cause } }
  }
  // One that runs in the background is not there yet (Q44).
  if (status === 'queued' || status === 'in_progress') {
    return { reason: 'pause', original: { protocol: PROTOCOL, value: status } }
  }
  if (said.calls) return { reason: 'tool-calls' }
  return { reason: said.refusal ? 'refusal' : 'stop' }
}

interface Word {
  readonly status: ResponseStatus
  readonly cut?: string
}

const WORDS: Readonly<Record<FinishReason, Word>> = {
  stop: { status: 'completed' },
  'tool-calls': { status: 'completed' },
  refusal: { status: 'completed' },
  pause: { status: 'completed' },
  length: { status: 'incomplete', cut: 'max_output_tokens' },
  'content-filter': { status: 'incomplete', cut: 'content_filter' },
  error: { status: 'failed' },
}

export interface WrittenFinish {
  readonly status: ResponseStatus
  readonly incomplete_details: { reason: string } | null
  readonly error: { code: string; message: string } | null
  /** What had to be said differently. */
  readonly change?: string
}

/** @param hasRefusal the answer holds a refusal in words, which ends as any answer does here. */
export function encodeFinish({ reason, original }: Finish, hasRefusal: boolean): WrittenFinish {
  // Refused without a word: a plain end would look like an answer.
  const { status, cut } = WORDS[reason === 'refusal' && !hasRefusal ? 'content-filter' : reason]
  const own = original?.protocol === PROTOCOL ? original.value : undefined
  const isRunning = reason === 'pause' && (own === 'queued' || own === 'in_progress')
  const failure = { code: 'server_error', message: 'The model could not finish its answer.' }
  return {
    status: isRunning ? own : status,
    incomplete_details: cut === undefined ? null : { reason: cut },
    error: status === 'failed' ? failure : null,
    ...(reason === 'pause' && !isRunning ? { change: 'this protocol cannot say that a turn is to be sent back' } : {}),
  }
}
