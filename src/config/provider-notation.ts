/** How the file and the management API write down a provider. */
import { HEADERS_SCHEMA, readHeaders } from './headers-notation.ts'
import { type ConfiguredModel, MODELS_SCHEMA, readModels, type WrittenModel, writeModel } from './model-notation.ts'

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

const API_KEY = {
  type: 'string',
  description: "The key of the provider. Left out, the provider's own variable of the environment is read.",
} as const
const API_KEYS = {
  type: 'array',
  items: { type: 'string' },
  description: 'Several keys, used in turn; one that is refused or exhausted gives way to the next.',
} as const
const API_BASE_URL = {
  type: 'string',
  format: 'http-url',
  description: 'Where its API is, with or without the version segment. Known for known names.',
} as const
const PROXY_URL = {
  type: 'string',
  format: 'http-url-or-empty',
  description: 'Proxy for calls to this provider; empty: none, whatever proxy_url at the top says.',
} as const

/** JSON Schema of `WrittenProvider`, in both spellings (X16). */
export const PROVIDER_SCHEMA = {
  type: 'object',
  required: ['name'],
  properties: {
    name: {
      type: 'string',
      minLength: 1,
      description:
        'Yours. Of a known name (openai, anthropic, gemini, ...) base URL, protocol and key variable are known too.',
    },
    api_key: API_KEY,
    api_keys: API_KEYS,
    api_base_url: API_BASE_URL,
    protocol: {
      type: 'string',
      minLength: 1,
      description: 'openai-chat, openai-responses, anthropic, gemini or ollama; for an unknown name openai-chat.',
    },
    models: MODELS_SCHEMA,
    enabled: { type: 'boolean', default: true, description: 'false: never used.' },
    headers: { ...HEADERS_SCHEMA, description: 'Fixed headers of every call.' },
    proxy_url: PROXY_URL,
    apiKey: { ...API_KEY, deprecated: true },
    apiKeys: { ...API_KEYS, deprecated: true },
    apiBaseUrl: { ...API_BASE_URL, deprecated: true },
    apiBaseURL: { ...API_BASE_URL, deprecated: true },
    proxyUrl: { ...PROXY_URL, deprecated: true },
  },
} as const

const OTHER_SPELLINGS: ReadonlyMap<string, string> = new Map([
  ['apiKey', 'api_key'],
  ['apiKeys', 'api_keys'],
  ['apiBaseUrl', 'api_base_url'],
  ['apiBaseURL', 'api_base_url'],
  ['proxyUrl', 'proxy_url'],
])

/**
 * Keys are trimmed, as they come with line breaks when they are pasted (A209). An empty `api_key` is as good as none;
 * an empty list of `api_keys` says that there is none.
 *
 * @param given valid by `PROVIDER_SCHEMA`, in either spelling; where both stand, the one with underscores counts.
 */
export function readProvider(given: WrittenProvider): ConfiguredProvider {
  const written = spellProvider(given)
  const keys = [written.api_key ?? '', ...(written.api_keys ?? [])].map((key) => key.trim()).filter((key) => key !== '')
  const saysKeys = keys.length > 0 || written.api_keys !== undefined
  return {
    name: written.name.trim(),
    ...(saysKeys ? { keys: [...new Set(keys)] } : {}),
    ...(written.api_base_url === undefined ? {} : { baseUrl: written.api_base_url.trim() }),
    ...(written.protocol === undefined ? {} : { protocol: written.protocol }),
    ...(written.models === undefined ? {} : { models: readModels(written.models) }),
    ...(written.enabled === undefined ? {} : { enabled: written.enabled }),
    ...(written.headers === undefined ? {} : { headers: readHeaders(written.headers) }),
    ...(written.proxy_url === undefined ? {} : { proxyUrl: written.proxy_url.trim() }),
  }
}

/** `readProvider` reads it back. The keys are written as they are: what tells them to people has to leave them out. */
export function writeProvider(provider: ConfiguredProvider): WrittenProvider {
  const { name, keys, baseUrl, protocol, models, enabled, headers, proxyUrl } = provider
  const [key] = keys ?? []
  return {
    name,
    ...(keys === undefined ? {} : keys.length === 1 && key !== undefined ? { api_key: key } : { api_keys: keys }),
    ...(baseUrl === undefined ? {} : { api_base_url: baseUrl }),
    ...(protocol === undefined ? {} : { protocol }),
    ...(models === undefined ? {} : { models: models.map(writeModel) }),
    ...(enabled === undefined ? {} : { enabled }),
    ...(headers === undefined ? {} : { headers }),
    ...(proxyUrl === undefined ? {} : { proxy_url: proxyUrl }),
  }
}

function spellProvider(given: WrittenProvider): WrittenProvider {
  const entries = Object.entries(given).sort(
    ([one], [other]) => Number(OTHER_SPELLINGS.has(other)) - Number(OTHER_SPELLINGS.has(one)),
  )
  return {
    ...Object.fromEntries(entries.map(([key, value]) => [OTHER_SPELLINGS.get(key) ?? key, value])),
    name: given.name,
  }
}
