/** How long a request may take: by its method, renewed by progress, within a limit that nothing renews (M52, M86). */
import type { Clock } from './clock.ts'
import type { UpstreamLimits } from './upstream-limits.ts'

export interface CallTimes {
  /** Without any sign of life. */
  readonly idleMs: number
  readonly totalMs: number
}

export function timesOf(method: string, limits: UpstreamLimits): CallTimes {
  const special = SPECIAL[method]
  return special === undefined ? { idleMs: limits.callIdleMs, totalMs: limits.callTotalMs } : special(limits)
}

const WHOLE = (totalMs: number): CallTimes => ({ idleMs: Number.POSITIVE_INFINITY, totalMs })
const LIST = (limits: UpstreamLimits): CallTimes => WHOLE(limits.listMs)
const HANDSHAKE = (limits: UpstreamLimits): CallTimes => WHOLE(limits.handshakeMs)

const SPECIAL: Readonly<Record<string, (limits: UpstreamLimits) => CallTimes>> = {
  initialize: HANDSHAKE,
  'server/discover': HANDSHAKE,
  'tools/list': LIST,
  'prompts/list': LIST,
  'resources/list': LIST,
  'resources/templates/list': LIST,
  // These wait for something to happen.
  'tasks/result': (limits) => WHOLE(limits.callTotalMs),
  'subscriptions/listen': () => WHOLE(Number.POSITIVE_INFINITY),
}

export interface CallTimer {
  renew(): void
  stop(): void
}

/**
 * @param isWaitingForClient while true, silence is not the server's: it waits for an answer itself.
 * @param onLate told which limit it was, once.
 */
export function startCallTimer(
  clock: Clock,
  times: CallTimes,
  isWaitingForClient: () => boolean,
  onLate: (limitMs: number, wasIdle: boolean) => void,
): CallTimer {
  let cancelIdle = (): void => {}
  let heardAt = clock.now()
  const cancelTotal = arm(clock, times.totalMs, () => end(times.totalMs, false))

  function end(limitMs: number, wasIdle: boolean): void {
    stop()
    onLate(limitMs, wasIdle)
  }

  function watch(delayMs: number): void {
    cancelIdle = arm(clock, delayMs, () => {
      if (isWaitingForClient()) heardAt = clock.now()
      const left = heardAt + times.idleMs - clock.now()
      if (left > 0) watch(left)
      else end(times.idleMs, true)
    })
  }

  function stop(): void {
    cancelIdle()
    cancelTotal()
  }

  watch(times.idleMs)
  return {
    renew() {
      heardAt = clock.now()
    },
    stop,
  }
}

function arm(clock: Clock, delayMs: number, run: () => void): () => void {
  return Number.isFinite(delayMs) ? clock.after(delayMs, run) : () => {}
}
