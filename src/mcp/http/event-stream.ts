/** A stream of a session that outlives its connections: what was sent can be sent again to a client that comes back (M21). */
import type { JsonRpcMessage } from '../json-rpc.ts'
import type { EventWriter } from './event-writer.ts'

/** How soon a client is to come back. */
const RETRY_MS = 1000

interface Kept {
  readonly sequence: number
  readonly data: string
}

export interface EventStreamLimits {
  /** The oldest events beyond these are forgotten. */
  readonly events: number
  readonly characters: number
}

export class EventStream {
  readonly #name: number
  readonly #limits: EventStreamLimits
  #kept: Kept[] = []
  #keptCharacters = 0
  #sequence = 0
  /** The last event that some writer took. */
  #told = 0
  #writer: EventWriter | undefined
  #finished = false
  #onFinish: (() => void) | undefined

  /** @param name unlike that of any other stream of the session. */
  constructor(name: number, limits: EventStreamLimits) {
    this.#name = name
    this.#limits = limits
  }

  get attached(): boolean {
    return this.#writer !== undefined
  }

  /**
   * Sends on to this connection, and first what the client has not seen.
   *
   * @param after the sequence number that the client saw last; absent: what no connection took is sent.
   * @param primes begins with an event that carries nothing but an id to come back with.
   */
  attach(writer: EventWriter, options: { readonly after?: number; readonly primes?: boolean }): void {
    // Whoever comes back has lost the connection that it had, even where we have not noticed yet.
    this.#writer?.end()
    this.#writer = writer
    if (options.primes === true) {
      writer.write({ id: `${this.#name}-${this.#sequence}`, retryMs: RETRY_MS, data: '' })
    }
    const after = options.after ?? this.#told
    for (const kept of this.#kept) if (kept.sequence > after) this.#write(kept)
    if (this.#finished) this.#end()
  }

  detach(writer: EventWriter): void {
    if (this.#writer === writer) this.#writer = undefined
  }

  push(message: JsonRpcMessage): void {
    this.#sequence += 1
    const kept = { sequence: this.#sequence, data: JSON.stringify(message) }
    this.#kept.push(kept)
    this.#keptCharacters += kept.data.length
    while (this.#kept.length > 1 && this.#isFull()) this.#keptCharacters -= this.#kept.shift()?.data.length ?? 0
    this.#write(kept)
  }

  /** Nothing follows. */
  finish(): void {
    if (this.#finished) return
    this.#finished = true
    this.#end()
    this.#onFinish?.()
  }

  /** Called once, when nothing follows any more. */
  whenFinished(forget: () => void): void {
    this.#onFinish = forget
  }

  #isFull(): boolean {
    return this.#kept.length > this.#limits.events || this.#keptCharacters > this.#limits.characters
  }

  #write({ sequence, data }: Kept): void {
    if (this.#writer === undefined) return
    this.#told = Math.max(this.#told, sequence)
    this.#writer.write({ name: 'message', id: `${this.#name}-${sequence}`, data })
  }

  #end(): void {
    this.#writer?.end()
    this.#writer = undefined
  }
}

/** Takes an id of an event apart. */
export function parseEventId(id: string): { readonly stream: number; readonly sequence: number } | undefined {
  const match = /^(\d{1,15})-(\d{1,15})$/.exec(id)
  return match === null ? undefined : { stream: Number(match[1]), sequence: Number(match[2]) }
}
