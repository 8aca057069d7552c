/** What a request can be sent to. Filled by the registry, read by routing and upstream. */
import type { ProtocolName } from '../../protocols/ir/extra.ts'
import type { ModelFacts } from '../../protocols/ir/facts.ts'
import type { ChatSettings } from '../../protocols/ir/request.ts'

/** Where a provider wants its key: `Authorization: Bearer`, or a header of its own. */
export interface AuthStyle {
  /** Lower case. */
  readonly header: string
  /** What stands before the key in that header, with its blank: `Bearer `, or empty. */
  readonly prefix: string
}

export interface Provider {
  readonly name: string
  /** Name of the codec that it speaks. */
  readonly protocol: ProtocolName
  /** `demo` answers inside this process; `bedrock` is HTTP in Amazon's envelope and with its signatures. */
  readonly transport: 'http' | 'bedrock' | 'demo'
  /** With or without the version segment; empty for `demo`, and for `bedrock` where the region tells it. */
  readonly baseUrl: string
  readonly auth: AuthStyle
  /** Fixed headers of every call, lower case, values already checked. */
  readonly headers: Readonly<Record<string, string>>
  /** A proxy for its calls, perhaps with a password; empty: none, whatever holds for all. Absent: as for all. */
  readonly proxyUrl?: string
}

export interface ProviderKey {
  readonly id: number
  readonly secret: string
}

/** One entry of the ordered list that routing yields for a request. */
export interface Target {
  readonly provider: Provider
  /** Absent where the provider needs none. */
  readonly key?: ProviderKey
  /** The model's name at the provider. */
  readonly model: string
  readonly facts: ModelFacts
  /** Fill in what the request leaves open; never override it. */
  readonly parameters?: Partial<ChatSettings>
}
