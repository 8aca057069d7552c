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
  /** A table's word that it has written. */
  mark(): void
  /** @returns a function that ends the listening. */
  listen(listener: ChangeListener): () => void
}

/** Watches over one connection. */
export function watchChanges(database: Database): Changes {
  const listeners = new Set<ChangeListener>()
  let changed = false

  function transaction<Result>(work: () => Result): Result {
    if (database.inTransaction) return work()
    changed = false
    const result = database
      .transaction(() => {
        const outcome = work()
        if (changed) for (const listener of listeners) listener.beforeCommit()
        return outcome
      })
      .immediate()
    if (changed) for (const listener of listeners) listener.afterCommit()
    return result
  }

  return {
    transaction,
    mark() {
      changed = true
    },
    listen(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
