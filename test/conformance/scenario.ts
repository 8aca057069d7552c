/** One thing that any client must be able to do with any back end. */
import type { Said } from '../support/said.ts'
import type { Ask } from './ask.ts'

export interface Scenario {
  readonly name: string
  readonly ask: Ask
  /** What the fake model says. */
  readonly said: Said
  /** The back end refuses instead. `seen` is the status that clients are told, where a gateway answers for its back end. */
  readonly refusal?: { readonly status: number; readonly seen?: number; readonly message: string }
  /** A stream breaks off in its middle. */
  readonly breaksOff?: boolean
  /** Losses that are no false alarm: how their paths end. */
  readonly mayTell?: string
  /** Needs no scripted back end: it can be tried with any gateway. */
  readonly anywhere?: boolean
}
