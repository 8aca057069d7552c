/** Starts one server: not too often after failures, not too many at once, and with what was learned of it before. */
import { type BeginOptions, type Begun, beginServer, type Verdict } from './begin-server.ts'
import type { CallGate } from './call-gate.ts'
import type { Clock } from './clock.ts'
import type { Era, UpstreamFailure } from './connection.ts'
import type { Introduction } from './handshake.ts'
import { createStartBreaker, type StartBreaker } from './start-breaker.ts'
import { UpstreamError } from './upstream-error.ts'
import type { UpstreamLimits } from './upstream-limits.ts'
import { UpstreamRefusal } from './upstream-refusal.ts'
import { waitFor } from './wait-for.ts'

export interface ServerStartOptions extends Pick<BeginOptions, 'transport' | 'connect'> {
  readonly name: string
  readonly limits: UpstreamLimits
  readonly clock: Clock
  readonly random: () => number
  /** Starts of processes at once, over all servers (M78). */
  readonly starts: CallGate
}

export class ServerStart {
  readonly breaker: StartBreaker
  readonly #options: ServerStartOptions
  #verdict: Verdict = {}
  /** Of the last start that failed, or what `blame` was told. */
  lastFailure: string | undefined

  constructor(options: ServerStartOptions) {
    this.#options = options
    this.breaker = createStartBreaker(options.clock, options.random)
  }

  /** The era in which a client of this era is to be served, as far as is known (M91). */
  eraFor(era: Era): Era {
    if (this.#verdict[era] !== false) return era
    return era === 'modern' ? 'legacy' : 'modern'
  }

  /** @throws UpstreamError */
  async begin(era: Era, introduction: Introduction, openBoard: BeginOptions['openBoard']): Promise<Begun> {
    const { name, clock, limits, starts, transport } = this.#options
    const admission = this.breaker.admit()
    if (!admission.admitted) {
      const seconds = Math.ceil(admission.retryInMs / 1000)
      const message = `The MCP server ${name} has failed ${this.breaker.failures} times in a row and is tried again in ${seconds} s. ${this.lastFailure}`
      throw new UpstreamError({ kind: 'unreachable', message })
    }
    const late = new AbortController()
    const stopTimer = clock.after(limits.startMs, () => late.abort())
    let leave: (() => void) | undefined
    try {
      await waitFor(new Promise<void>((resolve) => clock.after(admission.waitMs, resolve)), late.signal)
      if (transport === 'stdio') {
        await waitFor(new Promise<void>((resolve) => (leave = starts.enter(resolve))), late.signal)
      }
      const begun = await beginServer({
        ...this.#options,
        era,
        verdict: this.#verdict,
        introduction,
        openBoard,
        probeMs: limits.probeMs,
        signal: late.signal,
      })
      this.breaker.succeeded()
      this.#verdict = begun.verdict
      this.lastFailure = undefined
      return begun
    } catch (error) {
      const failure = late.signal.aborted ? this.#tooLate() : this.#explain(error)
      this.breaker.failed()
      // Perhaps it is another one by now: probed again when it comes back.
      this.#verdict = {}
      this.lastFailure = failure.message
      throw new UpstreamError(failure)
    } finally {
      stopTimer()
      leave?.()
    }
  }

  /** A person has started it, or its configuration has changed. */
  reset(): void {
    this.breaker.reset()
    this.#verdict = {}
    this.lastFailure = undefined
  }

  #tooLate(): UpstreamFailure {
    const { name, limits } = this.#options
    return { kind: 'timeout', message: `The MCP server ${name} did not start within ${limits.startMs / 1000} s.` }
  }

  #explain(error: unknown): UpstreamFailure {
    if (error instanceof UpstreamError) return error.failure
    if (!(error instanceof UpstreamRefusal)) throw error
    const { name } = this.#options
    return { kind: 'protocol', message: `The MCP server ${name} refused to begin: ${error.message}` }
  }
}
