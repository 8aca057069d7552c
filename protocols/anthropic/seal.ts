/**
 * Proofs of reasoning that another vendor issued, wrapped so that a client of this protocol can hold them.
 *
 * Such a client sends thinking blocks back word for word, signatures included, and cannot say whose they are. A sealed
 * signature names its issuer, so that it goes back to that one and to nobody else (trap 87). A colon never occurs in
 * the base64 that Anthropic itself signs with.
 */

export interface Proof {
  readonly issuer: string
  readonly signature?: string
  readonly encrypted?: string
}

const SEAL = /^sealed:(signature|encrypted):([^:]+):(.*)$/s

export function seal(kind: 'signature' | 'encrypted', issuer: string, value: string): string {
  return `sealed:${kind}:${encodeURIComponent(issuer)}:${value}`
}

/** What was sealed; nothing for a signature that is this protocol's own. */
export function unseal(signature: string): Proof | undefined {
  const match = SEAL.exec(signature)
  if (match === null) return undefined
  const [, kind, issuer = '', value = ''] = match
  try {
    const named = decodeURIComponent(issuer)
    return kind === 'encrypted' ? { issuer: named, encrypted: value } : { issuer: named, signature: value }
  } catch {
    return undefined
  }
}
