/** The text of a back end as it comes in, and how far it has been read. */
import { lexTag, type Tag, type TagFound } from './tag.ts'

/** What has been read since a place, so that it can be given out as text or be read again. */
export interface Recording {
  /** How many units had been read then. */
  readonly start: number
}

/** Readers are generators: they yield when they need more text than there is. */
export type Reading<Result = void> = Iterable<void, Result, void>

/** How far a reader looks ahead before it decides without having seen the end: it bounds memory and time. */
export const MAX_LOOKAHEAD = 16_384

/** Offsets are UTF-16 units. The text never ends in half a surrogate pair before its end. */
export class Source {
  /** What lies before the reader; `at` is the next unit. Both change with every `push`, `skip` and `rewind`. */
  text = ''
  at = 0
  ended = false
  /** The text met its length limit: what is open then was not forgotten, but never written. */
  cutShort = false
  /** The text ended inside a value, or before the arguments were closed. */
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
  /** What lay before the present text, as far as recordings go back. */
  #past: string[] = []

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

  /** What is open was not closed. Where it is the text that ended, perhaps inside a tag, it may be half of what was meant. */
  leaveOpen(): void {
    if (!this.ended) return
    const rest = this.text.slice(this.at)
    if (rest === '' || (rest.startsWith('<') && !rest.includes('>'))) this.broken = true
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

  /** A closing tag is what was read last. */
  get isClosed(): boolean {
    return this.#tag?.closing === true && this.#tagAt + this.#tag.length === this.position
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
    const recording: Recording = { start: this.position }
    this.#recordings.push(recording)
    return recording
  }

  /** What was read since the recording began. */
  recorded({ start }: Recording): string {
    if (start >= this.#base) return this.text.slice(start - this.#base, this.at)
    let index = this.#past.length
    let from = this.#base
    while (from > start && index > 0) from -= this.#past[--index]?.length ?? 0
    return (
      this.#past
        .slice(index)
        .join('')
        .slice(start - from) + this.text.slice(0, this.at)
    )
  }

  stop(recording: Recording): void {
    const index = this.#recordings.lastIndexOf(recording)
    if (index === this.#recordings.length - 1) this.#recordings.pop()
    else if (index >= 0) this.#recordings.splice(index, 1)
    if (this.#recordings.length === 0 && this.#past.length > 0) this.#past = []
  }

  /** Goes back to where a recording began, and ends it. */
  rewind(recording: Recording): void {
    this.#replayed += this.position - recording.start
    // The whole text is often there still: then nothing is copied.
    while (recording.start < this.#base) {
      const piece = this.#past.pop()
      if (piece === undefined) break
      const before = Math.max(recording.start - this.#base + piece.length, 0)
      if (before > 0) this.#past.push(piece.slice(0, before))
      this.text = piece.slice(before) + this.text
      this.#base -= piece.length - before
    }
    this.at = recording.start - this.#base
    this.stop(recording)
  }

  /** Reading twice must not become reading a hundred times: false when it has been done too often for this text. */
  get mayRewind(): boolean {
    return this.#replayed <= 2 * this.received + MAX_LOOKAHEAD
  }

  #append(more: string): void {
    if (this.at > 0 && this.#recordings.length > 0) this.#past.push(this.text.slice(0, this.at))
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
