/** What the gateway is given by `app`. */
import type { Codec } from '../../protocols/codec.ts'
import type { CountText } from '../../protocols/ir/tokens.ts'
import type { CheckArguments } from '../compat/tools/argument-checker.ts'
import type { HiddenCalls } from '../conversation/hidden-calls.ts'
import type { ReasoningMemory } from '../conversation/reasoning-memory.ts'
import type { StoredAnswers } from '../conversation/stored-answers.ts'
import type { BodyLimits } from '../http/body.ts'
import type { FetchMedia } from '../upstream/fetch-media.ts'
import type { Upstream } from '../upstream/upstream.ts'
import type { Exchange } from './exchange.ts'
import type { ServerTools } from './steps/server-tools.ts'
import type { ToolRefusals } from './tool-refusals.ts'
import type { Trying } from './try-targets.ts'

/** `provider/model` and the `upstream`'s own name tell who answered, `requested` what was asked for. */
export type ResponseModel = 'provider/model' | 'upstream' | 'requested'

export interface GatewayContext {
  /** The codec of this name. @throws Error when no provider should ever have been given it. */
  readonly codecNamed: (name: string) => Codec
  readonly upstream: Upstream
  /** Absent: what a request names by a URL is fetched by nobody here. */
  readonly fetchMedia?: FetchMedia
  readonly trying: Trying
  /** Models that have said that they cannot be given tools. */
  readonly toolRefusals: ToolRefusals
  /** Holds what models call their tools with against the schemas of the tools. */
  readonly checkArguments: CheckArguments
  /** Tools that groups may have the gateway run; absent: there are none. */
  readonly serverTools?: ServerTools
  readonly hiddenCalls: HiddenCalls
  readonly now: () => Date
  readonly version: string
  /** What models thought, for clients that cannot bring it back themselves. */
  readonly reasoning: ReasoningMemory
  /** Answers that clients name in later requests. */
  readonly answers: StoredAnswers
  readonly bodyLimits: BodyLimits
  readonly streamTimes: { readonly keepAliveMs: number; readonly stallMs: number }
  /** Which model a translated answer names; absent: as each protocol's clients expect it (X19). */
  readonly responseModel: ResponseModel | undefined
  /** How long after a finish the rest of a provider's stream is waited for. */
  readonly graceMs: number
  /** Loads what counts tokens, once. */
  readonly loadTokenizer: () => Promise<CountText>
  /** Hears of every exchange once, when it is over. */
  readonly settle: (exchange: Exchange) => void
}
