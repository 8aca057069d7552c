/** Joins a provider's base URL and the path that a codec wants to call there. */

/** `v1`, `v4`, `v1beta`, `v1beta1`. */
const VERSION = /^v\d+(?:[a-z]+\d*)?$/i

const CHAT = '/v1/chat/completions'
/** Copies of Chat Completions that have no version. @see https://docs.perplexity.ai/docs/sonar/openai-compatibility */
const UNVERSIONED_CHAT: ReadonlySet<string> = new Set(['https://api.perplexity.ai'])

/**
 * Joins base and path, and never writes a version twice: where the base already says which version of the API it is,
 * the path's own version segment gives way, whatever it says. A path prefix of the base stays.
 *
 * @param baseUrl as `parseBaseUrl` returned it.
 * @param addressPath absolute, percent-encoded, usually beginning with a version segment: `/v1/messages`.
 */
export function joinUrl(baseUrl: string, addressPath: string): string {
  const base = baseUrl.replace(/\/+$/, '')
  if (addressPath === CHAT && UNVERSIONED_CHAT.has(base)) return base + CHAT.slice('/v1'.length)
  const pathSegments = addressPath.split('/').slice(1)
  if (endsWithVersion(base) && VERSION.test(pathSegments[0] ?? '')) pathSegments.shift()
  return `${base}/${pathSegments.join('/')}`
}

/** The host is no segment: a server may well be called `v1`. */
function endsWithVersion(base: string): boolean {
  const segments = new URL(base).pathname.split('/').filter((segment) => segment !== '')
  const last = segments.at(-1) ?? ''
  if (VERSION.test(last)) return true
  // Vertex AI keeps the models of each publisher in a folder below the version: `/v1/publishers/google`.
  if (segments.at(-2) === 'publishers') return true
  // Google and others keep their copy of the OpenAI API one segment below the version: `/v1beta/openai`.
  return last === 'openai' && VERSION.test(segments.at(-2) ?? '')
}
