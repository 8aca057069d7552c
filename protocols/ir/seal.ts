/**
 * Proofs of reasoning that one vendor issued, wrapped so that a client of another protocol can hold them.
 *
 * Such a client sends thoughts back word for word, proofs included, and cannot say whose they are. A sealed proof names
 * its issuer, so that it goes back to that one and to nobody else (trap 87). No vendor's own proofs hold a colon.
 */

export interface Proof {
  readonly issuer: string
  readonly signature?: string
  readonly encrypted?: string
}

/** How the text of every sealed proof begins. */
export const SEALED = 'sealed:'

const SEAL = /^sealed:(signature|encrypted):([^:]+):(.*)$/s

export function sealProof(kind: 'signature' | 'encrypted', issuer: string, value: string): string {
  return `sealed:${kind}:${encodeURIComponent(issuer)}:${value}`
}

/** What was sealed; nothing for a proof that is its protocol's own. */
export function unsealProof(text: string): Proof | undefined {
  const match = SEAL.exec(text)
  if (match === null) return undefined
  const [, kind, issuer = '', value = ''] = match
  try {
    const named = decodeURIComponent(issuer)
    return kind === 'encrypted' ? { issuer: named, encrypted: value } : { issuer: named, signature: value }
  } catch {
    return undefined
  }
}
