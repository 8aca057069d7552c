/** What readers of calls work with, and what they say. */
import type { OfferedTool, ToolBook } from '../tools/tool-book.ts'
import type { Recording, Source } from './source.ts'

export interface CallHead {
  readonly tool: OfferedTool
  /** The id that the model wrote, where its dialect has one. */
  readonly id?: string
}

/** Hears calls as they are read: a start, pieces of JSON text, an end. */
export interface CallSink {
  start(head: CallHead): void
  arguments(piece: string): void
  /** @param whole false when the text broke off inside a value. */
  end(whole: boolean): void
}

/** `empty`: tags around nothing; `message`: the head of a message, behind which text begins; `opening`: a wrapper around what opens next; `none`: no call, so that all of it is text; `cut`: a result that the model invented. */
export type Outcome = 'called' | 'empty' | 'message' | 'opening' | 'none' | 'cut'

export interface Desk {
  readonly source: Source
  readonly calls: CallSink
  readonly tools: ToolBook
  /** Only tools that were offered count: the form is too common to be a call otherwise. */
  readonly offeredOnly: boolean
  /** A call was read before. */
  readonly called: boolean
  /** The tags of MiniMax are those of Anthropic: which of them they are was told by the last wrapper. */
  readonly wrapper: { isMinimax: boolean }
  reasoning(piece: string): void
}

/** The tool of this name; nothing when it was not offered where it must be. */
export function findTool({ tools, offeredOnly }: Desk, name: string): OfferedTool | undefined {
  if (name.trim() === '') return undefined
  return offeredOnly ? tools.find(name.trim()) : tools.named(name.trim())
}

/** Units that are kept until it is certain what they are. */
const MAX_UNDECIDED = 1 << 20

/** A sink that ends its recording when a call is told: from then on it is certain that it is one. */
export class CertainCalls implements CallSink {
  readonly #calls: CallSink
  readonly #source: Source
  #recording: Recording
  #isCertain = false

  /** Records from here on. */
  constructor(calls: CallSink, source: Source) {
    this.#calls = calls
    this.#source = source
    this.#recording = source.record()
  }

  /** Records from here on what may be a further call. */
  record(): void {
    this.#recording = this.#source.record()
  }

  /** What was read since then, though a call in it may have been told. */
  recorded(): string {
    return this.#source.recorded(this.#recording)
  }

  /** So much was read without a call that it is not kept any longer. */
  get isEndless(): boolean {
    return !this.#isCertain && this.#source.position - this.#recording.start > MAX_UNDECIDED
  }

  stop(): void {
    this.#source.stop(this.#recording)
  }

  /** Goes back to where it began. */
  rewind(): void {
    this.#source.rewind(this.#recording)
  }

  start(head: CallHead): void {
    this.#isCertain = true
    this.#source.stop(this.#recording)
    this.#calls.start(head)
  }

  arguments(piece: string): void {
    this.#calls.arguments(piece)
  }

  end(whole: boolean): void {
    this.#calls.end(whole)
  }
}
