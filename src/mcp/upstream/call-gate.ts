/** So many calls at once towards one server; the rest waits in its order (M87). */

export interface CallGate {
  /**
   * Runs `start` as soon as there is a place, perhaps at once.
   *
   * @returns what gives the place back, or the wait for it up; undefined when even the queue is full.
   */
  enter(start: () => void): (() => void) | undefined
  readonly running: number
}

export function createCallGate(places: number, queued: number): CallGate {
  const waiting = new Set<() => void>()
  let running = 0

  function leave(): void {
    running -= 1
    const [next] = waiting
    if (next === undefined) return
    waiting.delete(next)
    running += 1
    next()
  }

  return {
    enter(start) {
      if (running < places) {
        running += 1
        start()
        return once(leave)
      }
      if (waiting.size >= queued) return undefined
      waiting.add(start)
      return once(() => {
        if (!waiting.delete(start)) leave()
      })
    },
    get running() {
      return running
    },
  }
}

function once(run: () => void): () => void {
  let isDone = false
  return () => {
    if (isDone) return
    isDone = true
    run()
  }
}
