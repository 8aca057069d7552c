/** Time, handed in so that tests decide when it passes. */
export interface Clock {
  /** Milliseconds; only differences mean something. */
  now(): number
  /** Runs once after so many milliseconds; does not keep the process alive. @returns what calls it off. */
  after(delayMs: number, run: () => void): () => void
}

export const systemClock: Clock = {
  now: () => performance.now(),
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs)
    timer.unref()
    return () => clearTimeout(timer)
  },
}
