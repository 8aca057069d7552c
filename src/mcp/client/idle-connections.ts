/**
 * Connections of sessions that nobody uses just now. Many a client never says that it has left, and its session lives on
 * for half an hour; a server that is full of those gives the place of the longest unused one to whoever comes.
 */
export interface IdleConnection {
  readonly server: string
  /** Calls or streams are open. */
  isBusy(): boolean
  /** Gives the connection back; its session opens another when it needs one. */
  release(): void
}

export class IdleConnections {
  /** The longest unused first. */
  readonly #connections = new Set<IdleConnection>()

  /** It is in use now; also said of a new one. */
  touch(connection: IdleConnection): void {
    this.#connections.delete(connection)
    this.#connections.add(connection)
  }

  forget(connection: IdleConnection): void {
    this.#connections.delete(connection)
  }

  /** @returns whether there is a place now that there was not. */
  makeRoom(server: string): boolean {
    for (const connection of this.#connections) {
      if (connection.server !== server || connection.isBusy()) continue
      this.#connections.delete(connection)
      connection.release()
      return true
    }
    return false
  }
}
