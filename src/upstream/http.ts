/** Calls providers over HTTP. */
import { ApiFailure } from '../../protocols/ir/error.ts'
import { type ConnectionOptions, createConnections } from './connections.ts'
import { HttpCall, type HttpTimeouts } from './http-call.ts'
import type { ChooseProxy } from './proxy-choice.ts'
import type { Upstream } from './upstream.ts'
import { writeCall } from './write-call.ts'

export interface HttpUpstreamOptions extends Partial<Omit<ConnectionOptions, 'connectMs'>> {
  readonly timeouts?: Partial<HttpTimeouts>
  /** How we name ourselves: `interlingua/0.1.0`. */
  readonly userAgent: string
  /** The largest answer that is not a stream, in bytes after decompression. */
  readonly maxAnswerBytes?: number
  /** Absent: every call goes directly. */
  readonly chooseProxy?: ChooseProxy
}

export const HTTP_TIMEOUTS: HttpTimeouts = {
  connectMs: 10_000,
  firstByteMs: 120_000,
  idleMs: 300_000,
  plainMs: 120_000,
}

const MAX_PER_ORIGIN = 512
const MAX_ANSWER_BYTES = 64 * 1024 * 1024

/**
 * The upstream that speaks HTTP/1.1 to any host.
 *
 * It neither follows redirects nor repeats a call, but for one case: a connection that was kept alive and turns out to be
 * closed, before anything of an answer came, is replaced once. Answers come decompressed.
 */
export function createHttpUpstream(options: HttpUpstreamOptions): Upstream {
  const timeouts = { ...HTTP_TIMEOUTS, ...options.timeouts }
  const connections = createConnections({
    connectMs: timeouts.connectMs,
    maxPerOrigin: options.maxPerOrigin ?? MAX_PER_ORIGIN,
    ...(options.lookup === undefined ? {} : { lookup: options.lookup }),
    ...(options.ca === undefined ? {} : { ca: options.ca }),
  })
  const { userAgent, maxAnswerBytes = MAX_ANSWER_BYTES, chooseProxy = () => undefined } = options

  return {
    send(call, signal) {
      return new Promise((resolve, reject) => {
        if (signal.aborted) {
          reject(new ApiFailure({ kind: 'cancelled', message: 'The client left.', source: 'proxy' }))
          return
        }
        const { written, place } = writeCall(call, { userAgent, chooseProxy })
        const limit = call.stream ? {} : { maxAnswerBytes }
        new HttpCall({
          connections,
          written,
          place,
          timeouts,
          stream: call.stream,
          signal,
          resolve,
          reject,
          ...limit,
        }).start()
      })
    },
    close: () => connections.close(),
  }
}
