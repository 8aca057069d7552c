/** The text of a back end as it comes in, and how far it has been read. */

/** What has been read since a place, so that it can be given out as text or be read again. */
export interface Recording {
  raw(): string
  stop(): void
  /** Goes back to where it began, and ends it. */
  rewind(): void
}

/** Readers are generators: they yield when they need more text than there is. */
export type Reading<Result = void> = Iterable<void, Result, void>

/** How far a reader looks ahead before it decides without having seen the end: it bounds memory and time. */
export const MAX_LOOKAHEAD = 16_384

interface Tape {
  readonly start: number
  pieces: string[]
  /** Where in the present text the unsaved rest begins. */
  from: number
}

/** Offsets are UTF-16 units. The text never ends in half a surrogate pair before its end. */
export class Source {
  /** What lies before the reader; `at` is the next unit. Both change with every `push`, `skip` and `rewind`. */
  text = ''
  at = 0
  ended = false
  /** The text met its length limit: what is open then was not forgotten, but never written. */
  cutShort = false
  /** The text ended inside a value. */
  broken = false
  /** Units received. */
  received = 0
  #base = 0
  #surrogate = ''
  #replayed = 0
  /** Hardly more than three at once, the last one being the first to stop. */
  readonly #tapes: Tape[] = []

  push(chunk: string): void {
    if (chunk === '') return
    this.received += chunk.length
    let more = this.#surrogate === '' ? chunk : this.#surrogate + chunk
    this.#surrogate = ''
    if (isHighSurrogate(more.charCodeAt(more.length - 1))) {
      this.#surrogate = more.slice(-1)
      more = more.slice(0, -1)
    }
    this.#append(more)
  }

  end(cutShort = false): void {
    this.cutShort = cutShort
    this.#append(this.#surrogate)
    this.#surrogate = ''
    this.ended = true
  }

  /** How many units were read so far. */
  get position(): number {
    return this.#base + this.at
  }

  /** What is open can be completed: only closers are missing. */
  get whole(): boolean {
    return !(this.broken && this.cutShort)
  }

  /** Units that are there and not read. */
  get left(): number {
    return this.text.length - this.at
  }

  skip(count: number): void {
    this.at += count
  }

  /** Reads the next so many units. */
  take(count: number): string {
    const piece = this.text.slice(this.at, this.at + count)
    this.at += count
    return piece
  }

  record(): Recording {
    const tape: Tape = { start: this.position, pieces: [], from: this.at }
    this.#tapes.push(tape)
    return {
      raw: () => this.#rawOf(tape),
      stop: () => this.#stop(tape),
      rewind: () => this.#rewind(tape),
    }
  }

  /** Reading twice must not become reading a hundred times: false when it has been done too often for this text. */
  get mayRewind(): boolean {
    return this.#replayed <= 2 * this.received + MAX_LOOKAHEAD
  }

  #rawOf({ pieces, from }: Tape): string {
    return pieces.join('') + this.text.slice(from, this.at)
  }

  #stop(tape: Tape): void {
    const index = this.#tapes.lastIndexOf(tape)
    if (index >= 0) this.#tapes.splice(index, 1)
  }

  #rewind(tape: Tape): void {
    this.#stop(tape)
    this.#replayed += this.position - tape.start
    const earlier = this.#tapes.map((other) => this.#rawOf(other).slice(0, tape.start - other.start))
    // The whole text is often there still: then nothing is copied.
    if (tape.pieces.length > 0) this.text = this.#rawOf(tape) + this.text.slice(this.at)
    this.at = tape.pieces.length > 0 ? 0 : tape.from
    this.#base = tape.start - this.at
    for (const [index, other] of this.#tapes.entries()) {
      other.pieces = [earlier[index] ?? '']
      other.from = this.at
    }
  }

  #append(more: string): void {
    for (const tape of this.#tapes) {
      if (this.at > tape.from) tape.pieces.push(this.text.slice(tape.from, this.at))
      tape.from = 0
    }
    this.#base += this.at
    this.text = this.at === this.text.length ? more : this.text.slice(this.at) + more
    this.at = 0
  }
}

/** The same offset, or the one before it where it would part a surrogate pair. */
export function betweenPairs(text: string, at: number): number {
  return isHighSurrogate(text.charCodeAt(at - 1)) ? at - 1 : at
}

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff
}
