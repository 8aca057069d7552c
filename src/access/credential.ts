/** Finds the key that a request brings, wherever its client puts it. */
import type { IncomingHttpHeaders } from 'node:http'

/** What was found; several places may bring the same key, but never different ones (S12). */
export type Credential =
  | { readonly kind: 'none' }
  | { readonly kind: 'conflict' }
  | { readonly kind: 'key'; readonly key: string }

const BEARER = /^bearer(?: +(.*))?$/i

/**
 * Looks at `Authorization: Bearer`, `x-api-key`, `api-key` (Azure's SDKs), `x-goog-api-key` and `?key=` (Google's), which stand beside each other:
 * none is stronger than another. An empty value is no key.
 */
export function findCredential(headers: IncomingHttpHeaders, query: URLSearchParams): Credential {
  const brought = [
    BEARER.exec(headers.authorization ?? '')?.[1],
    single(headers['x-api-key']),
    single(headers['api-key']),
    single(headers['x-goog-api-key']),
    ...query.getAll('key'),
  ]
  const keys = new Set(brought.map((text) => text?.trim() ?? '').filter((text) => text !== ''))
  const [key] = keys
  if (key === undefined) return { kind: 'none' }
  return keys.size > 1 ? { kind: 'conflict' } : { kind: 'key', key }
}

/** Node joins a doubled header of these names with a comma, which is in no key: it fits none. */
function single(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : value?.join(',')
}
