/** One thing that any client must be able to do with any back end. */
import type { Said } from '../support/said.ts'
import type { Ask } from './ask.ts'

export interface Scenario {
  readonly name: string
  readonly ask: Ask
  /** What the fake model says. */
  readonly said: Said
  /** The back end refuses instead. */
  readonly refusal?: { readonly status: number; readonly message: string }
  /** Needs no scripted back end: it can be tried with any gateway. */
  readonly anywhere?: boolean
}
