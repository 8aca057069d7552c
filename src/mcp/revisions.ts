/** The revisions of the protocol, and the names that only its modern one has. */

export const LEGACY_VERSIONS = ['2024-11-05', '2025-03-26', '2025-06-18', '2025-11-25'] as const

/** Without a handshake, without sessions. */
export const MODERN_VERSION = '2026-07-28'

/** Newest first. */
export const SUPPORTED_VERSIONS: readonly string[] = [MODERN_VERSION, ...LEGACY_VERSIONS.toReversed()]

export const NEWEST_LEGACY_VERSION = '2025-11-25'

/** Assumed of a legacy client on HTTP that says nothing (M17). */
export const SILENT_VERSION = '2025-03-26'

/** The only one that has arrays of messages (M72). */
export const BATCH_VERSION = '2025-03-26'

/** From this one on, streams begin with an event that only carries an id (M21). */
export const PRIMING_VERSION = '2025-11-25'

/** Members of `_meta` that belong to one hop. */
export const META = {
  protocolVersion: 'io.modelcontextprotocol/protocolVersion',
  clientCapabilities: 'io.modelcontextprotocol/clientCapabilities',
  clientInfo: 'io.modelcontextprotocol/clientInfo',
  logLevel: 'io.modelcontextprotocol/logLevel',
  serverInfo: 'io.modelcontextprotocol/serverInfo',
  subscriptionId: 'io.modelcontextprotocol/subscriptionId',
} as const

/** Which hubs a handshake has passed, so that a hub that is its own server is noticed (M114). */
export const META_VIA = 'interlingua/via'

export function isLegacyVersion(version: unknown): version is string {
  return LEGACY_VERSIONS.some((known) => known === version)
}
