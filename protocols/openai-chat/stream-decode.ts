/** The stream of an answer, from bytes to events. */
import type { AnswerContext, StreamDecoder } from '../codec.ts'
import { createSseDecoder, type SseEvent } from '../framing/sse.ts'
import { tellTooLong } from '../framing/tell-too-long.ts'
import { defined } from '../ir/defined.ts'
import { type ApiError, ApiFailure } from '../ir/error.ts'
import type { StartEvent, StreamEvent } from '../ir/event.ts'
import { collectExtra, type JsonObject } from '../ir/extra.ts'
import { listLosses } from '../ir/loss.ts'
import { ASSISTANT_MEMBERS } from './assistant.ts'
import { readFailedChoice, readFailure } from './failure.ts'
import { decodeFinish } from './finish.ts'
import { PROTOCOL } from './rest.ts'
import { type ChoiceReader, createChoiceReader } from './stream-choice.ts'
import { decodeUsage, findUsage } from './usage.ts'

const DONE = '[DONE]'
/** So many events in a row that nobody understands are no stream of this protocol (F65). */
const MOST_STRANGE_EVENTS = 10

/** `obfuscation` and `p` are random letters against eavesdroppers (Q5). */
const MEMBERS = new Set(['id', 'object', 'created', 'model', 'choices', 'usage', 'service_tier', 'obfuscation', 'p'])
const CHOICE_MEMBERS = new Set(['index', 'delta', 'message', 'finish_reason', 'logprobs'])
const DELTA_MEMBERS = new Set([...ASSISTANT_MEMBERS, 'obfuscation'])

/** Reads the streams of OpenAI and of its copies; whatever order they have is made legal by the grammar. */
export function createStreamDecoder({ facts }: AnswerContext, emit: (event: StreamEvent) => void): StreamDecoder {
  const { losses, report } = listLosses()
  const sse = createSseDecoder(readEvent)
  const choices = new Map<number, ChoiceReader>()
  const finished = new Set<number>()
  /** Members that were noted as lost: they come with every chunk. */
  const noted = new Set<string>()
  let start: StartEvent | undefined
  /** How much of it was emitted: only more of it is news. */
  let toldMembers = 0
  let strange = 0
  let done = false

  function fail(error: ApiError): void {
    finish()
    done = true
    emit({ type: 'error', error })
  }

  /** Hands out what is held back, once. */
  function finish(): void {
    for (const choice of choices.values()) choice.end()
    choices.clear()
  }

  function readEvent({ event, data }: SseEvent): void {
    if (done) return
    if (data.trim() === DONE) {
      finish()
      done = true
      return
    }
    const chunk = parse(data)
    const failure =
      event === 'error' || hasError(chunk) ? readFailure(chunk ?? { message: data }) : readFailedChoice(chunk?.choices)
    if (failure !== undefined) {
      readUsage(chunk ?? {})
      fail(failure)
    } else if (chunk !== undefined && understand(chunk)) {
      strange = 0
    } else {
      skip(data)
    }
  }

  /** @returns false for an object that is no chunk, or in which something is not what it ought to be. */
  function understand(chunk: JsonObject): boolean {
    try {
      return readChunk(chunk)
    } catch (error) {
      if (error instanceof ApiFailure) return false
      throw error
    }
  }

  function skip(data: string): void {
    strange++
    report('stream', `an event that is no chunk of an answer: ${data.slice(0, 60)}`)
    if (strange <= MOST_STRANGE_EVENTS) return
    fail({
      kind: 'upstream-failed',
      message: `The provider sent ${strange} events in a row that are no chunks of an answer.`,
      source: 'provider',
    })
  }

  function readChunk(chunk: JsonObject): boolean {
    if (!Array.isArray(chunk.choices) && findUsage(chunk) === undefined) return false
    const chunkChoices = Array.isArray(chunk.choices) ? chunk.choices : []
    readStart(chunk, chunkChoices.length > 0)
    for (const choice of chunkChoices) {
      if (isObject(choice)) readChoice(choice)
    }
    readUsage(chunk)
    return true
  }

  function readUsage(chunk: JsonObject): void {
    const usage = decodeUsage(findUsage(chunk), facts.countsReasoningAsOutput)
    if (usage !== undefined) emit({ type: 'usage', usage })
  }

  /** The first chunk that has them tells id and model: some begin with one that is empty (Q13), some change the id (Q14). */
  function readStart(chunk: JsonObject, hasChoices: boolean): void {
    if (start?.id !== undefined && start.model !== undefined) {
      noteLost(chunk, MEMBERS, start.extra?.fields, '')
      return
    }
    const more = collectExtra(chunk, MEMBERS, PROTOCOL)
    const extra =
      more === undefined ? start?.extra : { protocol: PROTOCOL, fields: { ...start?.extra?.fields, ...more.fields } }
    const created = typeof chunk.created === 'number' && chunk.created > 0 ? Math.floor(chunk.created) : undefined
    const next = defined<StartEvent>({
      type: 'start',
      id: start?.id ?? wordOf(chunk.id),
      model: start?.model ?? wordOf(chunk.model),
      createdAt: start?.createdAt ?? created,
      serviceTier: start?.serviceTier ?? wordOf(chunk.service_tier),
      extra,
    })
    start = next
    // What a chunk without choices tells waits for the rest: the first start is the one that is believed.
    const isWhole = next.id !== undefined && next.model !== undefined
    if ((!isWhole && !hasChoices) || countTold(next) === toldMembers) return
    toldMembers = countTold(next)
    emit(next)
  }

  function readChoice(fields: JsonObject): void {
    const index = Number.isSafeInteger(fields.index) && Number(fields.index) >= 0 ? Number(fields.index) : 0
    let choice = choices.get(index)
    if (choice === undefined) {
      choice = createChoiceReader(index, emit)
      choices.set(index, choice)
    }
    const word = fields.finish_reason
    const isEnd = typeof word === 'string' && word !== '' && !finished.has(index)
    if (isObject(fields.delta)) {
      noteLost(fields.delta, DELTA_MEMBERS, undefined, 'delta.')
      choice.read(fields.delta, readLogprobs(fields.logprobs))
    }
    const extra = isEnd ? collectExtra(fields, CHOICE_MEMBERS, PROTOCOL) : undefined
    if (!isEnd) noteLost(fields, CHOICE_MEMBERS, undefined, 'choice.')
    if (!isEnd) return
    // What comes after the reason is counted, but an answer has one end (Q10).
    finished.add(index)
    choice.end()
    const finishes = [{ choice: index, ...decodeFinish(word, choice.said) }]
    emit({ type: 'finish', finishes, ...(extra === undefined ? {} : { extra }) })
  }

  /** @param kept what the start carries already. */
  function noteLost(fields: JsonObject, known: ReadonlySet<string>, kept: JsonObject | undefined, at: string): void {
    for (const name in fields) {
      if (known.has(name) || fields[name] === null || noted.has(at + name)) continue
      noted.add(at + name)
      if (kept === undefined || !Object.hasOwn(kept, name))
        report(`stream.${at}${name}`, 'it comes with single chunks only')
    }
  }

  /** An event that outgrows every limit is the back end's fault, and ends its answer (F66). */
  function guard(read: () => void): void {
    tellTooLong(read, (message) => fail({ kind: 'upstream-failed', message, source: 'provider' }))
  }

  return {
    push(chunk) {
      if (!done) guard(() => sse.push(chunk))
    },
    end() {
      if (done) return
      guard(sse.end)
      finish()
    },
    get done() {
      return done
    },
    losses,
  }
}

function parse(data: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(data)
    return isObject(value) ? value : undefined
  } catch {
    // Skipped and counted by the caller.
    return undefined
  }
}

function countTold(start: StartEvent): number {
  return Object.keys(start).length + Object.keys(start.extra?.fields ?? {}).length
}

/** `error: null` is no error. */
function hasError(chunk: JsonObject | undefined): boolean {
  const error = chunk?.error
  return isObject(error) || (typeof error === 'string' && error !== '')
}

function readLogprobs(value: unknown): JsonObject | undefined {
  return isObject(value) && Object.values(value).some((list) => list !== null) ? value : undefined
}

function wordOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
