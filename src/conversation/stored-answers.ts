/** Answers that clients name in a later request instead of sending the conversation again. */
import { ApiFailure } from '../../protocols/ir/error.ts'
import type { JsonObject } from '../../protocols/ir/extra.ts'
import type { Message } from '../../protocols/ir/message.ts'
import type { StoredAnswerRow, StoredAnswerTable } from '../store/stored-answers.ts'

export interface StoredAnswer {
  readonly id: string
  readonly previous?: string
  /** The request's own messages, without what came before them. */
  readonly input: readonly Message[]
  /** The turn that answered. */
  readonly output: Message
  /** The answer as its client was given it. */
  readonly answer: JsonObject
}

export interface StoredAnswers {
  /** Written behind: the caller does not wait. */
  save(scope: string, answer: StoredAnswer): void
  find(scope: string, id: string): StoredAnswer | undefined
  /** @returns whether there was one. */
  delete(scope: string, id: string): boolean
  /**
   * All messages up to and with this answer, the oldest first.
   *
   * @throws ApiFailure `not-found` when it, or one before it, is gone.
   */
  conversation(scope: string, id: string): readonly Message[]
  /** Writes what still waits to be written. */
  flush(): void
}

export interface StoredAnswersOptions {
  readonly table: StoredAnswerTable
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Hears of an answer that could not be written; its caller has long been answered. */
  readonly report: (error: unknown) => void
}

/** As long as the API that this follows keeps them. */
const TTL_MS = 30 * 24 * 60 * 60_000
/** Longer chains are loops, or have outgrown every model. */
const MAX_TURNS = 2000
const EXPIRED_PER_WRITE = 20

/** @see https://platform.openai.com/docs/guides/conversation-state */
export function createStoredAnswers({ table, now, report }: StoredAnswersOptions): StoredAnswers {
  const waiting = new Map<string, StoredAnswerRow>()
  let scheduled: NodeJS.Immediate | undefined

  function flush(): void {
    clearImmediate(scheduled)
    scheduled = undefined
    const rows = [...waiting.values()]
    waiting.clear()
    try {
      for (const row of rows) table.save(row)
      if (rows.length > 0) table.deleteExpired(EXPIRED_PER_WRITE)
    } catch (error) {
      report(error)
    }
  }

  function find(scope: string, id: string): StoredAnswer | undefined {
    const early = waiting.get(id)
    const row = early?.scope === scope ? early : table.find(id, scope)
    return row === undefined ? undefined : readRow(row)
  }

  return {
    save(scope, { id, previous, input, output, answer }) {
      const createdAt = now()
      const expiresAt = createdAt + TTL_MS
      waiting.set(id, { id, scope, previous: previous ?? null, input, output, answer, createdAt, expiresAt })
      scheduled ??= setImmediate(flush)
    },
    find,
    delete(scope, id) {
      flush()
      return table.delete(id, scope)
    },
    conversation(scope, id) {
      const turns: StoredAnswer[] = []
      for (let next: string | undefined = id; next !== undefined && turns.length < MAX_TURNS; ) {
        const turn = find(scope, next)
        if (turn === undefined) throw goneAnswer(next)
        turns.push(turn)
        next = turn.previous
      }
      return turns.reverse().flatMap((turn) => [...turn.input, turn.output])
    },
    flush,
  }
}

function goneAnswer(id: string): ApiFailure {
  return new ApiFailure({
    kind: 'not-found',
    message: `There is no stored answer ${JSON.stringify(id.slice(0, 100))}: it was never stored, was deleted, or its time is over.`,
    source: 'proxy',
  })
}

function readRow(row: StoredAnswerRow): StoredAnswer {
  return {
    id: row.id,
    ...(row.previous === null ? {} : { previous: row.previous }),
    // Written by `save` from values of these types.
    input: row.input as readonly Message[],
    output: row.output as Message,
    answer: row.answer as JsonObject,
  }
}
