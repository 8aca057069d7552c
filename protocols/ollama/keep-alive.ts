/**
 * What tells a client that we are still there: a line that adds nothing. Blank lines, which the format allows, break
 * clients that take every line for JSON (the official ones in Python and Go do), and a line without a message or a
 * response breaks others (K81).
 */
import type { WireRequest } from '../codec.ts'
import { encodeNdjson } from '../framing/ndjson.ts'
import { GENERATE_PATH } from './paths.ts'
import { encodeTime } from './time.ts'

export const STREAM_TYPE = 'application/x-ndjson'

/** Nobody knows here which model it is, nor what time; both are told by the lines that say something. */
const EMPTY = { model: '', created_at: encodeTime(0) }

/** After a request to chat. */
export const KEEP_ALIVE = encodeNdjson(
  JSON.stringify({ ...EMPTY, message: { role: 'assistant', content: '' }, done: false }),
)
const GENERATE_KEEP_ALIVE = encodeNdjson(JSON.stringify({ ...EMPTY, response: '', done: false }))

export function keepAliveOf({ endpoint }: WireRequest): { readonly contentType: string; readonly keepAlive: string } {
  return { contentType: STREAM_TYPE, keepAlive: endpoint.path === GENERATE_PATH ? GENERATE_KEEP_ALIVE : KEEP_ALIVE }
}
