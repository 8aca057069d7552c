import type { WireRequest } from '../codec.ts'

/** Where a long conversation is made short (compaction.ts). */
export const COMPACT_PATH = '/v1/responses/compact'

export function isCompaction(wire: WireRequest | undefined): boolean {
  return wire?.endpoint.path === COMPACT_PATH
}
