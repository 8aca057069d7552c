/** An official SDK behind one face: told what to ask in neutral words, it reports what its user saw. */
import type { Ask, Call } from '../ask.ts'

export interface Report {
  readonly text: string
  readonly reasoning: string
  /** With arguments parsed. */
  readonly calls: readonly Call[]
  /** In the client's own word. */
  readonly finish: string | undefined
  /** Tokens, all that were read (cached ones too) and all that were written. */
  readonly input: number | undefined
  readonly output: number | undefined
  /** Read from a cache; absent where the client is not told. */
  readonly cached?: number | undefined
}

export interface Failure {
  readonly status: number | undefined
  readonly message: string
}

export interface Session {
  plain(ask: Ask): Promise<Report>
  /** Accumulated by the SDK's own helper, where it has one. */
  stream(ask: Ask): Promise<Report>
  /** Ids of the models on offer. */
  models(): Promise<string[]>
}

export type Finish = 'stop' | 'length' | 'calls' | 'filter'

export interface Client {
  readonly protocol: string
  /** The package, and what of it. */
  readonly sdk: string
  /** What the client calls the end of an answer. */
  readonly finishes: Readonly<Record<Finish, string | undefined>>
  /** @param url of the gateway, with its group, without a slash at the end. */
  connect(url: string, key: string): Session
  /** What the SDK threw, read as its user would. */
  failureOf(error: unknown): Failure
}
