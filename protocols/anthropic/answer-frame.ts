/** What a whole answer and the frame of a stream share: id, members beside the content, and where they stand. */
import { expectString, optional } from '../ir/expect.ts'
import { collectExtra, type Extra, type JsonObject } from '../ir/extra.ts'
import { PROTOCOL } from './keep.ts'

const KNOWN = new Set(['id', 'type', 'role', 'model', 'content', 'stop_reason', 'stop_sequence', 'usage'])

/** Members that are known at the end only: beside the stop reason, or (the second row) beside its delta in a stream. */
const IN_STOP_DELTA: ReadonlySet<string> = new Set(['stop_details', 'container'])
const BESIDE_STOP_DELTA: ReadonlySet<string> = new Set(['context_management', 'input_transformations'])

export interface ReadFrame {
  readonly id: string
  readonly model: string
  /** What belongs to the answer. */
  readonly extra?: Extra
  /** What belongs to its end. */
  readonly endExtra?: Extra
}

/** Reads the members of an answer that are neither content nor counters nor the stop. */
export function decodeFrame(fields: JsonObject, path: string): ReadFrame {
  const others = collectExtra(fields, KNOWN, PROTOCOL)?.fields ?? {}
  const isEnd = (name: string) => IN_STOP_DELTA.has(name) || BESIDE_STOP_DELTA.has(name)
  const extra = pick(others, (name) => !isEnd(name))
  const endExtra = pick(others, isEnd)
  return {
    id: optional(fields.id, `${path}id`, expectString) ?? '',
    model: optional(fields.model, `${path}model`, expectString) ?? '',
    ...(extra === undefined ? {} : { extra }),
    ...(endExtra === undefined ? {} : { endExtra }),
  }
}

/** Parts the members that come with the end of a stream: in its delta, and beside it. */
export function splitEnd(fields: JsonObject): { readonly inDelta: JsonObject; readonly beside: JsonObject } {
  return {
    inDelta: pick(fields, (name) => !BESIDE_STOP_DELTA.has(name))?.fields ?? {},
    beside: pick(fields, (name) => BESIDE_STOP_DELTA.has(name))?.fields ?? {},
  }
}

function pick(fields: JsonObject, wanted: (name: string) => boolean): Extra | undefined {
  const entries = Object.entries(fields).filter(([name]) => wanted(name))
  return entries.length === 0 ? undefined : { protocol: PROTOCOL, fields: Object.fromEntries(entries) }
}

/** `msg_` and what the back end called the answer, without its own prefix (B055). */
export function encodeId(upstreamId: string, ownId: string): string {
  if (upstreamId.startsWith('msg_')) return upstreamId
  const bare = (upstreamId === '' ? ownId : upstreamId).replace(/^[a-z]{3,}[-_]/i, '').replace(/[^a-zA-Z0-9_-]/g, '_')
  return `msg_${bare === '' ? ownId : bare}`
}
