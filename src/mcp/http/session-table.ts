/** The sessions that there are, by their ids: whose they are, how long they live, and how many there may be (M26, M101). */
import type { HubContext } from '../hub-context.ts'
import { RPC, RpcFailure } from '../rpc-failure.ts'

/** To whom a session belongs. Its id alone proves nothing. */
export interface SessionOwner {
  readonly keyId: string
  /** Group, server and kind of path, as one text. */
  readonly place: string
  /** Whether the key is still accepted. */
  isLive(): boolean
}

export interface TableSession {
  /** Streams are open, or calls. */
  readonly isBusy: boolean
  close(): void
}

interface Entry<Session> {
  readonly session: Session
  readonly owner: SessionOwner
  usedAt: number
}

const MAX_PER_KEY = 1000
const MAX_SESSIONS = 4000
const SWEEP_MS = 15_000
const RETRY_AFTER_SECONDS = 30

export class SessionTable<Session extends TableSession> {
  readonly #context: HubContext
  readonly #entries = new Map<string, Entry<Session>>()
  readonly #sweeper: NodeJS.Timeout

  constructor(context: HubContext) {
    this.#context = context
    this.#sweeper = setInterval(() => this.#sweep(), Math.min(SWEEP_MS, context.times.sessionIdleMs))
    this.#sweeper.unref()
  }

  /** @throws RpcFailure with status 503 when there are too many. */
  add(owner: SessionOwner, session: Session): string {
    const ofKey = [...this.#entries.values()].filter((entry) => entry.owner.keyId === owner.keyId)
    if (this.#entries.size >= MAX_SESSIONS || ofKey.length >= MAX_PER_KEY) {
      throw new RpcFailure(RPC.internal, 'There are too many sessions now: try again later.', {
        status: 503,
        data: { retryAfterSeconds: RETRY_AFTER_SECONDS },
      })
    }
    const id = this.#context.randomId()
    this.#entries.set(id, { session, owner, usedAt: this.#context.now() })
    return id
  }

  /** A foreign session is as unknown as one that never was. */
  find(id: string, owner: SessionOwner): Session | undefined {
    const entry = this.#entries.get(id)
    if (entry?.owner.keyId !== owner.keyId || entry.owner.place !== owner.place) return undefined
    entry.usedAt = this.#context.now()
    return entry.session
  }

  /** Ends it; its id is unknown from now on. */
  end(id: string): void {
    const entry = this.#entries.get(id)
    this.#entries.delete(id)
    entry?.session.close()
  }

  close(): void {
    clearInterval(this.#sweeper)
    for (const id of [...this.#entries.keys()]) this.end(id)
  }

  #sweep(): void {
    const now = this.#context.now()
    for (const [id, entry] of this.#entries) {
      if (!entry.owner.isLive()) this.end(id)
      else if (entry.session.isBusy) entry.usedAt = now
      else if (now - entry.usedAt > this.#context.times.sessionIdleMs) this.end(id)
    }
  }
}
