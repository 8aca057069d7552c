/** A back end's stream, read. @see https://ai.google.dev/api/generate-content#method:-models.streamgeneratecontent */
import type { AnswerContext, StreamDecoder } from '../codec.ts'
import { ApiFailure } from '../ir/error.ts'
import type { StreamEvent } from '../ir/event.ts'
import { expectObject } from '../ir/expect.ts'
import { listLosses } from '../ir/loss.ts'
import { decodeFrame, indexOf } from './answer-frame.ts'
import { type ChoiceStream, createChoiceStream } from './choice-stream.ts'
import { createChunkDecoder } from './chunk-decoder.ts'
import { decodeEnvelope } from './error.ts'
import { createAnswerReader } from './response.ts'
import { decodeUsage } from './usage.ts'

/** So many chunks in a row that cannot be understood are no stream of this protocol (F65). */
const MOST_UNREADABLE = 10

export function createStreamDecoder({ facts }: AnswerContext, emit: (event: StreamEvent) => void): StreamDecoder {
  const { losses, report } = listLosses()
  const reader = createAnswerReader(facts.issuer, '')
  const choices = new Map<number, ChoiceStream>()
  let told = ''
  let unreadable = 0
  let done = false

  function streamOf(index: number): ChoiceStream {
    let choice = choices.get(index)
    if (choice === undefined) {
      choice = createChoiceStream(index, reader, emit, report)
      choices.set(index, choice)
    }
    return choice
  }

  function read(json: string): void {
    if (done || json.trim() === '') return
    const problem = tryRead(json)
    if (problem === undefined) {
      unreadable = 0
      return
    }
    report('stream', problem)
    unreadable++
    if (unreadable <= MOST_UNREADABLE) return
    const message = `The provider's stream cannot be read: ${problem}`
    fail({ kind: 'upstream-failed', message, source: 'provider' })
  }

  function fail(error: ReturnType<typeof decodeEnvelope>): void {
    done = true
    emit({ type: 'error', error })
  }

  /** @returns what is wrong with it. */
  function tryRead(json: string): string | undefined {
    try {
      readChunk(json)
      return undefined
    } catch (error) {
      if (error instanceof ApiFailure) return error.message
      if (error instanceof SyntaxError) return 'a chunk that is no JSON'
      throw error
    }
  }

  function readChunk(json: string): void {
    // Never sent by Google, but by copies that follow another API.
    if (json === '[DONE]') return
    const body = expectObject(JSON.parse(json), 'chunk')
    if (body.error !== undefined && body.candidates === undefined) {
      fail(decodeEnvelope(body, undefined))
      return
    }
    const { candidates, block, usage, ...frame } = decodeFrame(body)
    // A keep-alive is an empty object.
    if (frame.id !== '' || frame.model !== '' || frame.extra !== undefined) emit({ type: 'start', ...frame })
    for (const [index, candidate] of candidates.entries())
      streamOf(indexOf(candidate, index)).read(candidate, `candidates.${index}`)
    if (usage !== undefined) emit({ type: 'usage', usage: decodeUsage(usage, 'usageMetadata') })
    if (block !== undefined) emit({ type: 'finish', finishes: [{ choice: 0, ...block }] })
    // A call by a tool of the server finishes too, and then the answer goes on (Q70): the end of the bytes decides.
    if (![...choices.values()].some((choice) => choice.sawCall)) tellFinish()
  }

  /** Tells the ends so far, when there is something new. */
  function tellFinish(): void {
    const finishes = [...choices].flatMap(([choice, { finish }]) =>
      finish === undefined ? [] : [{ choice, ...finish }],
    )
    if (finishes.length === 0) return
    const extra = choices.get(0)?.extra
    const event: StreamEvent = { type: 'finish', finishes, ...(extra === undefined ? {} : { extra }) }
    const now = JSON.stringify(event)
    if (now !== told) emit(event)
    told = now
  }

  const chunks = createChunkDecoder(read)
  return {
    push: (chunk) => chunks.push(chunk),
    end() {
      chunks.end()
      if (done) return
      for (const choice of choices.values()) choice.end()
      tellFinish()
    },
    get done() {
      return done
    },
    losses,
  }
}
