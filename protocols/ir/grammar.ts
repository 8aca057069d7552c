/**
 * Makes any sequence of stream events legal, so that every encoder may rely on one order:
 * one `start`; for each candidate its parts one after the other, numbered 0, 1, 2, ..., each started, filled and ended once;
 * calls with id, name and complete arguments; `usage` once; then exactly one `finish` or `error`.
 */
import { type ChoiceLine, createChoiceLine } from './choice-line.ts'
import { EMPTY_ANSWER } from './empty-answer.ts'
import type { ApiError } from './error.ts'
import type { FinishEvent, StartEvent, StreamEvent } from './event.ts'
import type { Finish } from './finish.ts'
import { type Loss, listLosses } from './loss.ts'
import { mergeUsage, type Usage } from './usage.ts'

export interface GrammarContext {
  /** Unique for this exchange; letters, digits, `-`, `_`. Ids of calls that the back end did not name are made from it. */
  readonly id: string
}

export interface Grammar {
  /** Takes an event as a decoder says it. After the end of the answer it is ignored. */
  push(event: StreamEvent): void
  /** The back end has said all: closes what is open and says how it ended. */
  end(): void
  /** A finish was told, so that all but usage should have come. */
  readonly finishing: boolean
  /** The terminal event has been emitted. */
  readonly ended: boolean
  /** What had to be dropped or changed to make it legal. */
  readonly losses: readonly Loss[]
}

/** @param emit hears the legal sequence, at once. */
export function createGrammar(context: GrammarContext, emit: (event: StreamEvent) => void): Grammar {
  const { losses, report } = listLosses()
  const lines = new Map<number, ChoiceLine>()
  const finishes = new Map<number, Finish>()
  let start: StartEvent = { type: 'start' }
  let finishExtra: FinishEvent['extra']
  let usage: Usage | undefined
  let started = false
  let ended = false
  let callCount = 0

  function emitStarted(event: StreamEvent): void {
    if (!started) {
      started = true
      emit(start)
    }
    emit(event)
  }

  function lineOf(choice: number): ChoiceLine {
    let line = lines.get(choice)
    if (line === undefined) {
      line = createChoiceLine({
        choice,
        emit: emitStarted,
        report,
        nextCallId: () => `call_${context.id}_${callCount++}`,
      })
      lines.set(choice, line)
    }
    return line
  }

  function fail(error: ApiError): void {
    ended = true
    if (started) {
      for (const line of lines.values()) line.abandon()
      if (usage !== undefined) emit({ type: 'usage', usage })
    }
    emit({ type: 'error', error })
  }

  function finishOf(choice: number, line: ChoiceLine | undefined): Finish {
    const told = finishes.get(choice)
    const calls = line?.sawCall ?? false
    // The calls that were seen are believed, not the reason: several back ends say `stop` after a call, or say it too early.
    if (told === undefined) return { reason: calls ? 'tool-calls' : 'stop' }
    if (told.reason === 'stop' && calls) {
      // It was cut behind its calls; an answer that ends with calls does not end with anything else.
      const { stopSequence: _, ...rest } = told
      return { ...rest, reason: 'tool-calls' }
    }
    if (told.reason === 'tool-calls' && !calls) return { ...told, reason: 'stop' }
    return told
  }

  function end(): void {
    if (ended) return
    const choices = [...new Set([...lines.keys(), ...finishes.keys()])].sort((one, other) => one - other)
    for (const [choice, line] of lines) {
      const isCut = finishes.get(choice)?.reason === 'length'
      line.close(isCut)
      // Back ends say that a part is over before they say that it was cut.
      if (line.brokenCall !== undefined && !isCut) {
        fail(unfinishedCall(line.brokenCall))
        return
      }
    }
    const ends = choices.map((choice) => ({ choice, ...finishOf(choice, lines.get(choice)) }))
    const saidNothing = [...lines.values()].every((line) => line.empty) && ends.every((one) => one.reason === 'stop')
    // A model may end its turn without a word after a tool result: then it has counted what it wrote.
    if (saidNothing && !((usage?.outputTokens ?? 0) > 0)) {
      fail(EMPTY_ANSWER)
      return
    }
    ended = true
    if (usage !== undefined) emitStarted({ type: 'usage', usage })
    emitStarted({ type: 'finish', finishes: ends, ...(finishExtra === undefined ? {} : { extra: finishExtra }) })
  }

  const take: { readonly [Type in StreamEvent['type']]: (event: Extract<StreamEvent, { type: Type }>) => void } = {
    start(event) {
      if (event.usage !== undefined) usage = mergeUsage(usage, event.usage)
      if (!started) start = mergeStart(start, event)
    },
    'part-start': (event) => lineOf(event.choice).start(event.part, event.head),
    'part-delta': (event) => lineOf(event.choice).delta(event.part, event.delta),
    'part-end': (event) => lineOf(event.choice).end(event.part),
    usage(event) {
      usage = mergeUsage(usage, event.usage)
    },
    finish(event) {
      for (const { choice, ...finish } of event.finishes) finishes.set(choice, finish)
      finishExtra = event.extra ?? finishExtra
    },
    error: (event) => fail(event.error),
  }

  return {
    push(event) {
      // The table's row takes just this type of event, which the compiler cannot see through the union.
      if (!ended) take[event.type](event as never)
    },
    end,
    get finishing() {
      return finishes.size > 0
    },
    get ended() {
      return ended
    },
    losses,
  }
}

function unfinishedCall(name: string): ApiError {
  // Handing out half a call would have the client run half a command.
  return {
    kind: 'upstream-failed',
    message: `The provider's answer broke off in the middle of the arguments of the tool call ${JSON.stringify(name)}.`,
    source: 'provider',
  }
}

/** A later `start` fills in what the earlier did not say; empty words say nothing. */
function mergeStart(earlier: StartEvent, later: StartEvent): StartEvent {
  return {
    ...later,
    ...(earlier.id ? { id: earlier.id } : {}),
    ...(earlier.model ? { model: earlier.model } : {}),
    ...(earlier.createdAt ? { createdAt: earlier.createdAt } : {}),
    ...(earlier.serviceTier === undefined ? {} : { serviceTier: earlier.serviceTier }),
    ...(earlier.extra === undefined ? {} : { extra: earlier.extra }),
    ...(earlier.echo === undefined ? {} : { echo: earlier.echo }),
    ...(earlier.usage === undefined ? {} : { usage: mergeUsage(earlier.usage, later.usage ?? {}) }),
  }
}
