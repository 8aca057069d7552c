/** A proxy that does not do its part. */
import type { OutboundProxy } from './proxy.ts'

/** What it is told to people as is `explain-failure`'s: it holds no secret, and neither may its cause. */
export class ProxyFault extends Error {
  override readonly name = 'ProxyFault'
  /** Host and port of the proxy. */
  readonly host: string
  /** The end of a sentence about the proxy; absent: the cause tells it. */
  readonly problem: string | undefined
  readonly isLate: boolean

  constructor(
    proxy: OutboundProxy,
    fault: { readonly problem?: string; readonly isLate?: boolean; readonly cause?: unknown },
  ) {
    super(`proxy ${proxy.host}`, fault.cause === undefined ? {} : { cause: fault.cause })
    this.host = proxy.host
    this.problem = fault.problem
    this.isLate = fault.isLate ?? false
  }

  /** It answered 407. */
  static unauthorized(proxy: OutboundProxy): ProxyFault {
    const problem =
      proxy.authorization === undefined
        ? 'asks for a name and a password (407), and its URL has none.'
        : 'does not take the name and the password of its URL (407).'
    return new ProxyFault(proxy, { problem })
  }
}
