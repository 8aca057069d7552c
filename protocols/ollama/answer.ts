/** What a whole answer and the lines of a stream have in common. */

import type { ReplyContext } from '../codec.ts'
import { collectExtra, type Extra, type JsonObject } from '../ir/extra.ts'
import { readTokens } from '../ir/logprobs.ts'
import type { ReportLoss } from '../ir/loss.ts'
import type { Choice } from '../ir/response.ts'
import { GENERATE_PATH } from './paths.ts'
import { PROTOCOL } from './rest.ts'
import { encodeTime } from './time.ts'
import { COUNTERS, type Elapsed } from './usage.ts'

const MEMBERS = new Set([
  'model',
  'created_at',
  'message',
  'response',
  'thinking',
  'done',
  'done_reason',
  'logprobs',
  ...COUNTERS,
])
const MESSAGE_MEMBERS = new Set(['role', 'content', 'thinking', 'images', 'tool_calls'])

/** What a chat says inside its message, generate says beside everything else. */
export interface SaidFields {
  readonly fields: JsonObject
  readonly content: unknown
  readonly path: string
}

/** Nothing for an object that is no answer. */
export function findSaid(fields: JsonObject): SaidFields | undefined {
  const { message, response } = fields
  if (typeof message === 'object' && message !== null) {
    // Its members are looked at one by one.
    const said = message as JsonObject
    return { fields: said, content: said.content, path: 'message' }
  }
  if (typeof response === 'string') return { fields, content: response, path: '' }
  // The last line of some servers says nothing more.
  return typeof fields.done === 'boolean' ? { fields: {}, content: undefined, path: '' } : undefined
}

/** What the interlingua has no name for, null and empty left out as they say nothing (Q80). */
export function collectAnswerExtra(fields: JsonObject, said: SaidFields): Extra | undefined {
  const outer = collectExtra(fields, MEMBERS, PROTOCOL)?.fields ?? {}
  const inner = said.path === '' ? {} : (collectExtra(said.fields, MESSAGE_MEMBERS, PROTOCOL)?.fields ?? {})
  const told = [
    ...Object.entries(outer),
    ...Object.entries(inner).map(([name, value]) => [`message.${name}`, value] as const),
  ].filter(([, value]) => value !== null && value !== '')
  return told.length === 0 ? undefined : { protocol: PROTOCOL, fields: Object.fromEntries(told) }
}

/** Entries for each token, kept in the form that `readTokens` reads. */
export function decodeLogprobs(value: unknown): Choice['logprobs'] {
  return Array.isArray(value) && value.length > 0 ? { protocol: PROTOCOL, value: { content: value } } : undefined
}

export function encodeLogprobs(logprobs: Choice['logprobs'], path: string, report: ReportLoss): unknown {
  // Of this codec's own making, as the name says.
  if (logprobs?.protocol === PROTOCOL) return (logprobs.value as JsonObject).content
  return logprobs === undefined ? undefined : readTokens(logprobs, path, report)
}

/** What every answer and every line begins with. */
export interface AnswerHead {
  readonly model: string
  readonly created_at: string
}

export function encodeHead(createdAt: number | undefined, context: ReplyContext): AnswerHead {
  return { model: context.askedModel, created_at: encodeTime(createdAt ?? context.createdAt) }
}

/** The client's request had a prompt, so that it waits for a response and not for a message. */
export function isGenerate(context: ReplyContext): boolean {
  return context.wire?.endpoint.path === GENERATE_PATH
}

/** @param firstMs until the first word; absent where the answer came in one piece. */
export function readElapsed(context: ReplyContext, firstMs = 0): Elapsed {
  return { firstMs, totalMs: context.elapsedMs?.() ?? firstMs }
}
