/** A base URL that another program wants with the endpoint behind it. */

const ENDPOINTS: readonly (readonly [RegExp, string])[] = [
  [/\/chat\/completions\/?$/, 'openai-chat'],
  [/\/responses\/?$/, 'openai-responses'],
  [/\/v1\/messages\/?$/, 'anthropic'],
  [/\/v1beta\/models\/?$/, 'gemini'],
  [/\/api\/chat\/?$/, 'ollama'],
]

/** @returns the URL without its endpoint, and the protocol that the endpoint is of. */
export function splitEndpoint(url: string): { readonly baseUrl: string; readonly protocol?: string } {
  for (const [endpoint, protocol] of ENDPOINTS) {
    if (endpoint.test(url)) return { baseUrl: url.replace(endpoint, ''), protocol }
  }
  return { baseUrl: url }
}
