/** Under which id a request is told of: in its answer, in the log, in errors. */
import { randomUUID } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'

/** A client's own id of its request is kept if it cannot do harm in a log. */
const REQUEST_ID = /^[A-Za-z0-9._-]{1,128}$/

/** @returns the client's own `x-request-id` where it is well-formed, else a new UUID v4. */
export function readRequestId(headers: IncomingHttpHeaders): string {
  const own = headers['x-request-id']
  return typeof own === 'string' && REQUEST_ID.test(own) ? own : randomUUID()
}
