/** Reads the address of a proxy as a person configures it. */

const SCHEME = /^[a-z][a-z0-9+.-]*:\/\//i

/**
 * @param text `http://proxy.corp:3128`, with `name:password@` where it asks for them; without a scheme it is taken for http, as the
 *   variables of the environment often have none.
 * @throws Error in one sentence that repeats nothing of what was given, as there may be a password in it.
 */
export function parseProxyUrl(text: string): URL {
  const trimmed = text.trim()
  const full = SCHEME.test(trimmed) ? trimmed : `http://${trimmed}`
  const url = URL.canParse(full) ? new URL(full) : undefined
  if (url === undefined) throw new Error('expected the URL of a proxy, such as http://proxy.example.com:3128')
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new Error('expected a proxy whose URL begins with http:// or https://')
  return url
}
