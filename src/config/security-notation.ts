/** The block `security` of the file: who may call from where, and what is kept of it. */

export interface Security {
  readonly auditEnabled: boolean
  /** Addresses or CIDR ranges; none: every address. */
  readonly ipWhitelist: readonly string[]
  /** Goes before the whitelist. */
  readonly ipBlacklist: readonly string[]
  /** Absent: no header is refused. */
  readonly allowedHeaders?: readonly string[]
  readonly corsEnabled: boolean
  readonly corsOrigins: readonly string[]
  /** Names by which the gateway may be called, beside its addresses. */
  readonly allowedHosts: readonly string[]
  /** What a request names by a URL is fetched for providers that cannot do so themselves. */
  readonly fetchMedia: boolean
  /** Hosts of one's own network from which it may be fetched. */
  readonly fetchHosts: readonly string[]
}

export interface WrittenSecurity {
  readonly audit_enabled?: boolean
  readonly ip_whitelist?: readonly string[]
  readonly ip_blacklist?: readonly string[]
  readonly allowed_headers?: readonly string[]
  readonly cors_enabled?: boolean
  readonly cors_origins?: readonly string[]
  readonly allowed_hosts?: readonly string[]
  readonly fetch_media?: boolean
  readonly fetch_hosts?: readonly string[]
}

function list(format: 'visible' | 'ip-range', description: string) {
  return { type: 'array', items: { type: 'string', format }, description } as const
}

/** JSON Schema of `WrittenSecurity`. */
export const SECURITY_SCHEMA = {
  type: 'object',
  properties: {
    audit_enabled: { type: 'boolean', default: false, description: 'Write audit.log in the data folder.' },
    ip_whitelist: list('ip-range', 'Addresses and ranges that may call; none: all.'),
    ip_blacklist: list('ip-range', 'Addresses and ranges that may not; goes before the whitelist.'),
    allowed_headers: list('visible', 'Headers that a page of another origin may send.'),
    cors_enabled: { type: 'boolean', default: false, description: 'Let pages of other origins call.' },
    cors_origins: list('visible', 'These origins.'),
    allowed_hosts: list('visible', 'Names by which the gateway may be called, beside its addresses.'),
    fetch_media: {
      type: 'boolean',
      default: true,
      description: 'Fetch images and files named by a URL for providers that take bytes only.',
    },
    fetch_hosts: list('visible', 'Hosts of a private network, with or without a port, from which they may be fetched.'),
  },
} as const

/** @param written valid by `SECURITY_SCHEMA`. */
export function readSecurity(written: WrittenSecurity): Security {
  return {
    auditEnabled: written.audit_enabled ?? false,
    ipWhitelist: trimAll(written.ip_whitelist),
    ipBlacklist: trimAll(written.ip_blacklist),
    ...(written.allowed_headers === undefined ? {} : { allowedHeaders: trimAll(written.allowed_headers) }),
    corsEnabled: written.cors_enabled ?? false,
    corsOrigins: trimAll(written.cors_origins),
    allowedHosts: trimAll(written.allowed_hosts),
    fetchMedia: written.fetch_media ?? true,
    fetchHosts: trimAll(written.fetch_hosts),
  }
}

function trimAll(texts: readonly string[] = []): readonly string[] {
  return texts.map((text) => text.trim())
}
