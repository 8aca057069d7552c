/** Shows enough of a secret to tell it from another one, and never enough to use it (S10, X32). */

const HIDDEN = '…'

/** Of shorter ones the end alone would be a good part: they show nothing at all. */
const SHOWN_FROM_CHARACTERS = 16

const SHOWN_CHARACTERS = 4

/** `sk-…abcd`; just `…` for a short secret. */
export function maskSecret(secret: string): string {
  const characters = [...secret]
  if (characters.length < SHOWN_FROM_CHARACTERS) return HIDDEN
  const prefix = secret.startsWith('sk-') ? 'sk-' : ''
  return `${prefix}${HIDDEN}${characters.slice(-SHOWN_CHARACTERS).join('')}`
}

/** Whether a text is what `maskSecret` makes: somebody sends back what was shown. */
export function isMask(text: string): boolean {
  return text.includes(HIDDEN)
}
