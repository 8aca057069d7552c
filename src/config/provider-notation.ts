/** How the file and the admin API write down a provider. */
import { HEADERS_SCHEMA, readHeaders } from './headers-notation.ts'
import { type ConfiguredModel, MODELS_SCHEMA, readModels, type WrittenModel } from './model-notation.ts'

/** What the file says of a provider; what is absent stays as it is stored, or is known of the name. */
export interface ConfiguredProvider {
  readonly name: string
  /** Trimmed, none empty; absent: the file gives none. */
  readonly keys?: readonly string[]
  readonly baseUrl?: string
  readonly protocol?: string
  readonly models?: readonly ConfiguredModel[]
  readonly enabled?: boolean
  /** Names in lower case. */
  readonly headers?: Readonly<Record<string, string>>
  /** Empty: none, whatever is set for all. */
  readonly proxyUrl?: string
}

export interface WrittenProvider {
  readonly name: string
  readonly api_key?: string
  readonly api_keys?: readonly string[]
  readonly api_base_url?: string
  readonly protocol?: string
  readonly models?: readonly WrittenModel[]
  readonly enabled?: boolean
  readonly headers?: Readonly<Record<string, string>>
  readonly proxy_url?: string
}

/** JSON Schema of `WrittenProvider`. */
export const PROVIDER_SCHEMA = {
  type: 'object',
  required: ['name'],
  properties: {
    name: { type: 'string', minLength: 1 },
    api_key: { type: 'string' },
    api_keys: { type: 'array', items: { type: 'string' } },
    api_base_url: { type: 'string', format: 'http-url' },
    protocol: { type: 'string', minLength: 1 },
    models: MODELS_SCHEMA,
    enabled: { type: 'boolean' },
    headers: HEADERS_SCHEMA,
    proxy_url: { type: 'string', format: 'http-url-or-empty' },
  },
} as const

/**
 * Keys are trimmed, as they come with line breaks when they are pasted (A209). An empty `api_key` is as good as none;
 * an empty list of `api_keys` says that there is none.
 *
 * @param written valid by `PROVIDER_SCHEMA`.
 */
export function readProvider(written: WrittenProvider): ConfiguredProvider {
  const given = [written.api_key ?? '', ...(written.api_keys ?? [])]
    .map((key) => key.trim())
    .filter((key) => key !== '')
  const saysKeys = given.length > 0 || written.api_keys !== undefined
  return {
    name: written.name.trim(),
    ...(saysKeys ? { keys: [...new Set(given)] } : {}),
    ...(written.api_base_url === undefined ? {} : { baseUrl: written.api_base_url.trim() }),
    ...(written.protocol === undefined ? {} : { protocol: written.protocol }),
    ...(written.models === undefined ? {} : { models: readModels(written.models) }),
    ...(written.enabled === undefined ? {} : { enabled: written.enabled }),
    ...(written.headers === undefined ? {} : { headers: readHeaders(written.headers) }),
    ...(written.proxy_url === undefined ? {} : { proxyUrl: written.proxy_url.trim() }),
  }
}
