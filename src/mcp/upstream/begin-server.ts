/** Finds the way in which a server wants to be spoken to, and begins with it (M45, M46). */
import type { Clock } from './clock.ts'
import type { Connection, ConnectionListener, Era, ServerFacts } from './connection.ts'
import { beginLegacy, beginModern, type Introduction, isOtherPath, saysLegacy } from './handshake.ts'
import type { Switchboard } from './switchboard.ts'
import { UpstreamError } from './upstream-error.ts'
import { UpstreamRefusal } from './upstream-refusal.ts'

export type LinkKind = 'stdio' | 'modern-http' | 'streamable' | 'sse'

/** What is known of a server; absent: nobody has tried. */
export interface Verdict {
  readonly modern?: boolean
  readonly legacy?: boolean
  /** How its legacy era is reached. */
  readonly link?: LinkKind
}

export interface Begun {
  readonly board: Switchboard
  readonly facts: ServerFacts
  readonly verdict: Verdict
}

export interface BeginOptions {
  readonly transport: 'stdio' | 'http' | 'sse'
  /** Of the client: a server of both eras is spoken to in it (M91). */
  readonly era: Era
  readonly verdict: Verdict
  readonly introduction: Introduction
  /** Silence after which a server is not of the modern era. */
  readonly probeMs: number
  readonly clock: Clock
  openBoard(kind: LinkKind): Switchboard
  /** A connection of the hub's own. */
  connect(board: Switchboard, listener: ConnectionListener): Connection
  /** Aborts when the start takes too long. */
  readonly signal: AbortSignal
}

interface Step {
  readonly link: LinkKind
  readonly era: Era
}

const DEAF: ConnectionListener = { message() {}, failed() {}, closed() {} }

/** @throws UpstreamError, UpstreamRefusal with the last failure; everything that was opened is closed. */
export async function beginServer(options: BeginOptions): Promise<Begun> {
  const { signal } = options
  let { verdict } = options
  let board: Switchboard | undefined
  let boardKind: LinkKind | undefined
  let failure: unknown
  try {
    for (const step of listSteps(options)) {
      if (board === undefined || boardKind !== step.link || hasDied(failure)) {
        await board?.close()
        board = options.openBoard(step.link)
        boardKind = step.link
      }
      try {
        const facts = await begin(options, board, step)
        verdict = { ...verdict, [step.era]: true, ...(step.era === 'legacy' ? { link: step.link } : {}) }
        return { board, facts, verdict }
      } catch (error) {
        failure = error
        if (signal.aborted || !mayTryNext(error, step, verdict)) break
        // An attempt over another path says nothing of the era.
        if (step.link !== 'streamable' || error instanceof UpstreamRefusal) verdict = { ...verdict, [step.era]: false }
      }
    }
  } catch (error) {
    failure = error
  }
  await board?.close()
  throw failure
}

/** In the order in which they are tried; what is known not to work is left out. */
function listSteps({ transport, era, verdict }: BeginOptions): readonly Step[] {
  const modern: Step = { link: transport === 'stdio' ? 'stdio' : 'modern-http', era: 'modern' }
  const legacy: Step = { link: transport === 'stdio' ? 'stdio' : 'streamable', era: 'legacy' }
  const oldest: Step = { link: 'sse', era: 'legacy' }
  const inEra = era === 'modern' ? [modern, legacy] : [legacy, modern]
  const all = transport === 'sse' ? [oldest] : transport === 'stdio' ? inEra : [...inEra, oldest]
  const possible = all.filter((step) => {
    if (step.era === 'legacy' && verdict.link !== undefined && verdict.link !== step.link) return false
    return verdict[step.era] !== false
  })
  return possible.length > 0 ? possible : all
}

async function begin(options: BeginOptions, board: Switchboard, { era }: Step): Promise<ServerFacts> {
  const { introduction, verdict, signal, clock, probeMs } = options
  const connection = options.connect(board, DEAF)
  const silence = new AbortController()
  // Whoever is known to answer may take its time.
  const stop = verdict.modern === true ? () => {} : clock.after(probeMs, () => silence.abort())
  try {
    if (era === 'legacy') return await abortable(beginLegacy(connection, introduction), signal)
    return await beginModern(connection, introduction, AbortSignal.any([signal, silence.signal]))
  } finally {
    stop()
    connection.close()
  }
}

function mayTryNext(error: unknown, step: Step, verdict: Verdict): boolean {
  if (step.era === 'modern') return saysLegacy(error) || (verdict.modern === undefined && hasDied(error))
  return error instanceof UpstreamRefusal || (error instanceof UpstreamError && isOtherPath(error.failure.status))
}

function hasDied(error: unknown): boolean {
  return error instanceof UpstreamError && error.failure.kind === 'closed'
}

function abortable<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(new UpstreamError({ kind: 'timeout', message: 'It did not start in time.' }))
    if (signal.aborted) onAbort()
    signal.addEventListener('abort', onAbort, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
  })
}
