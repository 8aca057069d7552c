/** Why a model stopped: `done_reason` on the wire. */
import type { Finish, FinishReason } from '../ir/finish.ts'
import type { ReportLoss } from '../ir/loss.ts'
import { PROTOCOL } from './rest.ts'

const REASONS: Readonly<Record<string, FinishReason>> = { stop: 'stop', length: 'length' }

/** Ends of requests that asked nothing: the model was put into memory, or out of it. */
const IDLE: readonly string[] = ['load', 'unload']

/** @param word as it came; absent and empty say nothing (Q79), a word of tomorrow is an ordinary end. */
export function decodeFinish(word: unknown, hasCalls: boolean): Finish {
  const told = typeof word === 'string' && word !== '' ? word : undefined
  const meant = told !== undefined && Object.hasOwn(REASONS, told) ? (REASONS[told] ?? 'stop') : 'stop'
  // After a call, too, the wire says `stop`.
  const reason = meant === 'stop' && hasCalls ? 'tool-calls' : meant
  if (told === undefined || told === WORDS[reason].word) return { reason }
  return { reason, original: { protocol: PROTOCOL, value: told } }
}

interface FinishWord {
  readonly word: string
  /** What it cannot say. */
  readonly change?: string
}

const UNSAYABLE = { word: 'stop', change: 'Ollama says no more than that the answer is over' }

const WORDS: Readonly<Record<FinishReason, FinishWord>> = {
  stop: { word: 'stop' },
  length: { word: 'length' },
  'tool-calls': { word: 'stop' },
  'content-filter': UNSAYABLE,
  refusal: UNSAYABLE,
  pause: UNSAYABLE,
  error: UNSAYABLE,
}

/** Whether this is the end of a request that asked nothing, which has neither counters nor durations. */
export function isIdleFinish(finish: Finish | undefined): boolean {
  return finish?.original?.protocol === PROTOCOL && IDLE.includes(finish.original.value)
}

export function encodeFinish(finish: Finish, path: string, report: ReportLoss): string {
  if (finish.stopSequence !== undefined) report(`${path}.stopSequence`, 'Ollama does not say which')
  const { original } = finish
  const { word, change } = WORDS[finish.reason]
  if (original?.protocol === PROTOCOL && word === 'stop' && change === undefined) return original.value
  if (change !== undefined) report(`${path}.reason`, change, 'changed')
  return word
}
