/** Reads a streamed answer as legal events of the interlingua. */
import type { Codec } from '../../protocols/codec.ts'
import { FrameTooLong } from '../../protocols/framing/frame-too-long.ts'
import type { ApiError } from '../../protocols/ir/error.ts'
import type { StreamEvent } from '../../protocols/ir/event.ts'
import type { ModelFacts } from '../../protocols/ir/facts.ts'
import { createGrammar } from '../../protocols/ir/grammar.ts'
import type { UpstreamBody } from '../upstream/upstream.ts'
import { toFailure } from './failure.ts'
import type { Heard, OpenListening } from './listening.ts'

export interface EventReading {
  readonly codec: Codec
  readonly facts: ModelFacts
  /** Seed of ids for calls that the back end does not name. */
  readonly id: string
  /** How long after the finish usage and end mark are waited for; some back ends never send an end mark. */
  readonly graceMs: number
  /** Hears the events at once. Returns false to have the upstream wait until `resume` of the body. */
  readonly take: (event: StreamEvent) => boolean
  /** What stands before the grammar. */
  readonly listen: OpenListening
}

/**
 * Settles when the terminal event has been taken; never rejects, since a stream that breaks ends with an `error` event.
 *
 * @returns what could not be understood or had to be repaired.
 */
export function readEvents(body: UpstreamBody, reading: EventReading): Promise<Heard> {
  return new Promise((resolve) => {
    let flowing = true
    let grace: NodeJS.Timeout | undefined
    const grammar = createGrammar({ id: reading.id }, (event) => {
      flowing = reading.take(event) && flowing
    })
    const listening = reading.listen((event) => grammar.push(event))
    const decoder = reading.codec.stream.decoder({ facts: reading.facts }, (event) => listening.push(event))

    function settle(): void {
      clearTimeout(grace)
      listening.end()
      grammar.end()
      const losses = [...decoder.losses, ...listening.losses, ...grammar.losses]
      resolve({ losses, invalidCalls: listening.invalidCalls })
    }

    /** The answer is complete; its connection can serve another call once the rest has run out. */
    function drain(): void {
      settle()
      setTimeout(() => body.destroy(), reading.graceMs).unref()
    }

    body.pipe({
      data(chunk) {
        if (grammar.ended) return true
        flowing = true
        try {
          decoder.push(chunk)
        } catch (error) {
          // Thrown on, it would end the process: nobody stands above a socket's data.
          listening.push({ type: 'error', error: explain(error) })
        }
        if (decoder.done) drain()
        else if (grammar.ended) {
          settle()
          body.destroy()
        } else if (grammar.finishing) {
          grace ??= setTimeout(() => {
            settle()
            body.destroy()
          }, reading.graceMs)
        }
        return flowing
      },
      end() {
        if (grammar.ended) return
        decoder.end()
        settle()
      },
      fail(failure) {
        if (grammar.ended) return
        listening.push({ type: 'error', error: failure.error })
        settle()
      },
    })
  })
}

function explain(error: unknown): ApiError {
  if (!(error instanceof FrameTooLong)) return toFailure(error).error
  const message = `The provider sent a line of more than ${error.limitBytes} bytes.`
  return { kind: 'upstream-failed', message, source: 'provider' }
}
