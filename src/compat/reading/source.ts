/** The text of a back end as it comes in, and how far it has been read. */
import { lexTag, type Tag, type TagFound } from './tag.ts'

/** Readers are generators: they yield when they need more text than there is. */
export type Reading<Result = void> = Iterable<void, Result, void>

/** How far a reader looks ahead before it decides without having seen the end: it bounds memory and time. */
export const MAX_LOOKAHEAD = 16_384

/** What has been read since a place, so that it can be given out as text or be read again. */
export interface Recording {
  readonly start: number
  /** What is no longer in the present text. */
  pieces: string[]
  /** Where in the present text the rest begins. */
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
  /** The last tag that was found, and where: several readers ask for it before it is read. */
  #tag: Tag | undefined
  #tagAt = -1
  /** Hardly more than three at once, the last one being the first to stop. */
  readonly #recordings: Recording[] = []

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

  /** @param at an offset of the present text, where `<` stands. */
  tagAt(at: number): TagFound {
    if (this.#tagAt === this.#base + at) return this.#tag
    const found = lexTag(this.text, at, this.ended)
    if (found !== 'cut' && found !== undefined) {
      this.#tag = found
      this.#tagAt = this.#base + at
    }
    return found
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
    const recording: Recording = { start: this.position, pieces: [], from: this.at }
    this.#recordings.push(recording)
    return recording
  }

  /** What was read since the recording began. */
  recorded({ pieces, from }: Recording): string {
    return pieces.join('') + this.text.slice(from, this.at)
  }

  stop(recording: Recording): void {
    const index = this.#recordings.lastIndexOf(recording)
    if (index === this.#recordings.length - 1) this.#recordings.pop()
    else if (index >= 0) this.#recordings.splice(index, 1)
  }

  /** Goes back to where a recording began, and ends it. */
  rewind(recording: Recording): void {
    this.stop(recording)
    this.#replayed += this.position - recording.start
    const earlier = this.#recordings.map((other) => this.recorded(other).slice(0, recording.start - other.start))
    // The whole text is often there still: then nothing is copied.
    if (recording.pieces.length > 0) this.text = this.recorded(recording) + this.text.slice(this.at)
    this.at = recording.pieces.length > 0 ? 0 : recording.from
    this.#base = recording.start - this.at
    for (const [index, other] of this.#recordings.entries()) {
      other.pieces = [earlier[index] ?? '']
      other.from = this.at
    }
  }

  /** Reading twice must not become reading a hundred times: false when it has been done too often for this text. */
  get mayRewind(): boolean {
    return this.#replayed <= 2 * this.received + MAX_LOOKAHEAD
  }

  #append(more: string): void {
    for (const recording of this.#recordings) {
      if (this.at > recording.from) recording.pieces.push(this.text.slice(recording.from, this.at))
      recording.from = 0
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
