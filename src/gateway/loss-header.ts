/** Tells the caller in a header what the back end was not told. */
import type { Loss } from '../../protocols/ir/loss.ts'

export const LOSS_HEADER = 'x-interlingua-loss'

/** Some proxies refuse more than 8 KB of headers; the log has all. */
const MAX_LENGTH = 2000

/**
 * `settings.seed=dropped, messages.0.parts.1=changed`, each path once; what does not fit is counted: `+12 more`.
 *
 * @returns nothing when nothing was lost.
 */
export function formatLossHeader(losses: readonly Loss[]): string | undefined {
  const entries = [...new Set(losses.map((loss) => `${encodeURI(loss.path)}=${loss.effect}`))]
  if (entries.length === 0) return undefined
  let header = ''
  for (const [index, entry] of entries.entries()) {
    if (header.length + entry.length > MAX_LENGTH) return `${header}, +${entries.length - index} more`
    header = header === '' ? entry : `${header}, ${entry}`
  }
  return header
}
