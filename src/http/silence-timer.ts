/** Watches for silence with one timer, however many pieces come. */

/**
 * Fires once when nothing was heard for the limit of the present phase, or when the time for all of it is over.
 * Hearing something costs a look at the clock and no timer.
 */
export class SilenceTimer {
  readonly #onLate: () => void
  #limitMs: number
  #heardAt = performance.now()
  #endsAt = Number.POSITIVE_INFINITY
  #timer: NodeJS.Timeout | undefined
  #firesAt = Number.POSITIVE_INFINITY
  #paused = false
  #stopped = false

  constructor(limitMs: number, onLate: () => void) {
    this.#limitMs = limitMs
    this.#onLate = onLate
    this.#arm()
  }

  /** The limit of the present phase. */
  get limitMs(): number {
    return this.#limitMs
  }

  /** Whether the time for all of it is over. */
  get ended(): boolean {
    return performance.now() >= this.#endsAt
  }

  /** Another phase begins, with a limit of its own. */
  enter(limitMs: number): void {
    this.#limitMs = limitMs
    this.heard()
    this.#armEarlier()
  }

  /** All of it must be over so long from now, whatever is heard. */
  endWithin(totalMs: number): void {
    this.#endsAt = performance.now() + totalMs
    this.#armEarlier()
  }

  heard(): void {
    this.#heardAt = performance.now()
  }

  /** From now on silence does not count: it is the listener who does not listen. */
  pause(): void {
    this.#paused = true
  }

  resume(): void {
    this.#paused = false
    this.heard()
    this.#armEarlier()
  }

  stop(): void {
    this.#stopped = true
    clearTimeout(this.#timer)
  }

  #dueAt(): number {
    return Math.min(this.#heardAt + this.#limitMs, this.#endsAt)
  }

  #armEarlier(): void {
    if (this.#dueAt() < this.#firesAt) this.#arm()
  }

  #arm(): void {
    clearTimeout(this.#timer)
    const now = performance.now()
    const waitMs = this.#paused ? this.#limitMs : Math.max(0, Math.ceil(this.#dueAt() - now))
    this.#firesAt = now + waitMs
    this.#timer = setTimeout(this.#onTime, waitMs)
  }

  #onTime = (): void => {
    if (this.#isLate()) setImmediate(this.#judge)
    else this.#arm()
  }

  /** A loop that was blocked has had a turn now to read what had come in time. */
  #judge = (): void => {
    if (this.#stopped) return
    if (this.#isLate()) this.#onLate()
    else this.#arm()
  }

  #isLate(): boolean {
    return !this.#paused && performance.now() >= this.#dueAt()
  }
}
