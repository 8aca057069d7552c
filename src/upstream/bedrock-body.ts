/** The body of a streamed answer of Bedrock's, as the stream of the Messages API that is packed into it. */
import { readInvocationEvent } from '../../protocols/anthropic/bedrock.ts'
import { BrokenFrame } from '../../protocols/framing/broken-frame.ts'
import { createEventStreamDecoder } from '../../protocols/framing/event-stream.ts'
import { FrameTooLong } from '../../protocols/framing/frame-too-long.ts'
import { ApiFailure } from '../../protocols/ir/error.ts'
import type { UpstreamBody } from './upstream.ts'

export function unpackEvents(packed: UpstreamBody): UpstreamBody {
  return {
    pipe(sink) {
      let events = ''
      let broken = false
      const decoder = createEventStreamDecoder((message) => {
        events += readInvocationEvent(message)
      })
      /** What was whole before the damage is still handed on. */
      const unpack = (read: () => void): boolean => {
        let failure: ApiFailure | undefined
        try {
          read()
        } catch (error) {
          failure = explain(error)
          broken = true
        }
        const text = events
        events = ''
        const flows = text === '' || sink.data(Buffer.from(text))
        if (failure !== undefined) {
          packed.destroy()
          sink.fail(failure)
        }
        return flows && failure === undefined
      }
      packed.pipe({
        data: (chunk) => !broken && unpack(() => decoder.push(chunk)),
        end() {
          if (broken) return
          unpack(() => decoder.end())
          if (!broken) sink.end()
        },
        fail(failure) {
          if (!broken) sink.fail(failure)
        },
      })
    },
    resume: () => packed.resume(),
    destroy: () => packed.destroy(),
  }
}

/** @throws what is a fault of ours. */
function explain(error: unknown): ApiFailure {
  if (error instanceof ApiFailure) return error
  if (!(error instanceof BrokenFrame) && !(error instanceof FrameTooLong)) throw error
  return new ApiFailure(
    { kind: 'upstream-failed', message: error.message, code: 'bad_upstream_reply', source: 'provider' },
    { cause: error },
  )
}
