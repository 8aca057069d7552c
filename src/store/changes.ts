/** Transactions, and who wants to know of them. */
import type { Database } from 'better-sqlite3'

/** Hears of every transaction that wrote something. */
export interface ChangeListener {
  /** Sees the rows as they would be; what it throws undoes the whole change. */
  beforeCommit(): void
  /** The change is there to stay. Never throws. */
  afterCommit(): void
}

export interface Changes {
  /**
   * Runs the work in one `BEGIN IMMEDIATE` transaction: all of it happens, or nothing when it throws. Within a transaction it just runs.
   *
   * @param work synchronous; a promise would outlive the transaction.
   */
  transaction<Result>(work: () => Result): Result
  /**
   * A table's word that it writes to the registry; within a transaction.
   *
   * @returns the revision that this transaction makes: the same for all that it writes, higher than any before.
   */
  mark(): number
  /** Revision of the registry as it is now, whoever made it. */
  revision(): number
  /** @returns a function that ends the listening. */
  listen(listener: ChangeListener): () => void
}

/** Watches over one connection. */
export function watchChanges(database: Database): Changes {
  const listeners = new Set<ChangeListener>()
  let made: number | undefined
  const raise = database
    .prepare<[], number>('UPDATE registry_revision SET revision = revision + 1 RETURNING revision')
    .pluck()
  const select = database.prepare<[], number>('SELECT revision FROM registry_revision').pluck()

  function transaction<Result>(work: () => Result): Result {
    if (database.inTransaction) return work()
    made = undefined
    const result = database
      .transaction(() => {
        const outcome = work()
        if (made !== undefined) for (const listener of listeners) listener.beforeCommit()
        return outcome
      })
      .immediate()
    if (made !== undefined) for (const listener of listeners) listener.afterCommit()
    return result
  }

  return {
    transaction,
    mark() {
      made ??= raise.get() ?? 0
      return made
    },
    revision: () => select.get() ?? 0,
    listen(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
