/** Holds back the beginning of a streamed answer until it tells whether the model takes its tools: some refuse them with a status of success. */
import { ApiFailure } from '../../protocols/ir/error.ts'
import type { StreamEvent } from '../../protocols/ir/event.ts'
import type { BodySink, UpstreamBody } from '../upstream/upstream.ts'
import type { Plan } from './plan.ts'
import { refusesTools } from './tool-refusals.ts'

/** No error is longer. */
const MOST_BYTES = 64 * 1024

/** Tools are refused before a model begins to think: what is not said by then is not waited for. */
const PATIENCE_MS = 1000

/**
 * The same bytes, from the first word on; comments, the head of an answer and empty pieces are no words.
 *
 * @returns a body that fails where the answer begins with a refusal of tools.
 */
export function holdOpening(body: UpstreamBody, plan: Plan): UpstreamBody {
  let opening: Opening | undefined
  return {
    pipe(sink) {
      opening = holdBack(sink, plan)
      body.pipe(opening)
    },
    resume: () => body.resume(),
    destroy() {
      opening?.stop()
      body.destroy()
    },
  }
}

interface Opening extends BodySink {
  /** The sink hears nothing more. */
  stop(): void
}

function holdBack(sink: BodySink, { codec, target }: Plan): Opening {
  const held: Uint8Array[] = []
  let size = 0
  let state: 'holding' | 'passing' | 'over' = 'holding'
  let timer: NodeJS.Timeout | undefined
  let first: StreamEvent | undefined
  const decoder = codec.stream.decoder({ facts: target.facts }, (event) => {
    if (event.type !== 'start' && event.type !== 'usage') first ??= event
  })

  /** @param isOver there is nothing more to wait for. */
  function decide(isOver: boolean): boolean {
    if (first?.type === 'error' && refusesTools(first.error)) {
      enter('over')
      sink.fail(new ApiFailure(first.error))
      return true
    }
    return first === undefined && !isOver && size <= MOST_BYTES ? wait() : letGo()
  }

  function wait(): true {
    timer ??= setTimeout(letGo, PATIENCE_MS)
    return true
  }

  function letGo(): boolean {
    enter('passing')
    return held.length === 0 || sink.data(Buffer.concat(held.splice(0)))
  }

  function enter(next: 'passing' | 'over'): void {
    clearTimeout(timer)
    state = next
  }

  /** @returns false for what cannot be read: whatever it is, others say it. */
  function read(more: () => void): boolean {
    try {
      more()
      return true
    } catch {
      return false
    }
  }

  return {
    data(chunk) {
      if (state === 'passing') return sink.data(chunk)
      if (state === 'over') return true
      held.push(chunk)
      size += chunk.byteLength
      return decide(!read(() => decoder.push(chunk)))
    },
    end() {
      if (state === 'holding') {
        read(() => decoder.end())
        decide(true)
      }
      if (state === 'passing') sink.end()
    },
    fail(failure) {
      if (state === 'over') return
      enter('over')
      sink.fail(failure)
    },
    stop: () => enter('over'),
  }
}
