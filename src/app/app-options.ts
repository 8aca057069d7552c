import type { ConfiguredKeys } from '../access/open-keyring.ts'
import type { ResponseModel } from '../gateway/gateway-context.ts'
import type { RetrySettings } from '../gateway/try-targets.ts'
import type { BodyLimits } from '../http/body.ts'
import type { ListenLimits } from '../http/listen.ts'
import type { STREAM_TIMES } from '../http/stream-answer.ts'
import type { Log } from '../observe/log.ts'
import type { RoutingSettings } from '../registry/registry.ts'
import type { Store } from '../store/open-store.ts'
import type { HttpUpstreamOptions } from '../upstream/http.ts'

/** What may change while the gateway runs; whatever is absent has its default. */
export interface LiveSettings {
  /** Whether each exchange gets its line. */
  readonly logExchanges: boolean
  /** The keys of the gateway's own that the file names; beside them count those of the store. */
  readonly keys?: ConfiguredKeys
  /** How often and after which waits a request is tried again. */
  readonly retry?: Partial<RetrySettings>
  /** Which model translated answers name. */
  readonly responseModel?: ResponseModel
  /** Calls to providers go through it, where the provider names none of its own and `environment` exempts nobody. */
  readonly proxyUrl?: string
  /** When a target that fails is left alone, and what else the file says of routing. */
  readonly routing?: Partial<RoutingSettings>
}

/** What a running gateway is made of beyond its rooms; everything has a default but what must be said. */
export interface AppOptions extends LiveSettings {
  readonly store: Store
  readonly host: string
  /** 0 lets the system choose. */
  readonly port: number
  /** Further ports at the same address (X5). */
  readonly morePorts?: readonly number[]
  readonly version: string
  readonly log: Log
  /** Names under which the gateway may be called without a key, besides those of this machine. */
  readonly allowedHosts?: readonly string[]
  /** Where clients reach it, when a proxy before it puts a path in front. */
  readonly publicUrl?: string
  /** Web origins that may call it. */
  readonly allowedOrigins?: readonly string[]
  readonly bodyLimits?: Partial<BodyLimits>
  readonly listenLimits?: Partial<ListenLimits>
  readonly streamTimes?: Partial<typeof STREAM_TIMES>
  readonly upstream?: Omit<HttpUpstreamOptions, 'userAgent' | 'chooseProxy'>
  /** How long after a finish the rest of a provider's stream is waited for. */
  readonly graceMs?: number
  readonly now?: () => Date
  /** Hosts in one's own network from which images and files may be fetched, besides those of the internet; absent: nothing is fetched. */
  readonly mediaHosts?: readonly string[]
  /** Whoever calls Amazon is named there, and proxies. Absent: empty. */
  readonly environment?: Readonly<Record<string, string | undefined>>
}
