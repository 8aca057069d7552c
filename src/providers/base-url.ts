/** Reads a base URL as a person configures it. */

/**
 * Reads the address under which a provider's API lies.
 *
 * @param text with or without the version segment, with or without a slash at the end.
 * @returns the same address without the slashes at its end.
 * @throws Error in one sentence, for text that is no http(s) URL, that carries credentials (they would be logged and sent along),
 *   or a query or fragment (nothing could be joined to it). The message repeats nothing of what was given.
 */
export function parseBaseUrl(text: string): string {
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : undefined
  if (url === undefined) throw new Error('expected an absolute URL such as https://api.example.com/v1')
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new Error('expected a URL that begins with http:// or https://')
  if (url.username !== '' || url.password !== '') {
    throw new Error('expected a URL without a name or password in it; the key has a field of its own')
  }
  if (url.search !== '' || url.hash !== '') throw new Error('expected a URL without a query or fragment')
  return url.origin + url.pathname.replace(/\/+$/, '')
}
