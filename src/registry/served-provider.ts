/** A provider with its keys and models, as routing sees it. */
import { validateHeaderName, validateHeaderValue } from 'node:http'
import type { ProtocolName } from '../../protocols/ir/extra.ts'
import type { ModelFacts } from '../../protocols/ir/facts.ts'
import { TRANSPORT_HEADERS } from '../http/transport-headers.ts'
import { parseBaseUrl } from '../providers/base-url.ts'
import { describeProvider } from '../providers/known-providers.ts'
import { parseProxyUrl } from '../providers/proxy-url.ts'
import type { Provider, ProviderKey } from '../providers/target.ts'
import type { ModelRow } from '../store/models.ts'
import type { ProviderKeyRow } from '../store/provider-keys.ts'
import type { ProviderRow } from '../store/providers.ts'
import { readFacts } from './read-facts.ts'
import { RegistryFault } from './registry-fault.ts'

export interface ServedModel {
  readonly name: string
  readonly displayName?: string
  readonly facts: ModelFacts
  /** Unix time in seconds. */
  readonly createdAt: number
}

export interface ServedProvider {
  readonly provider: Provider
  readonly enabled: boolean
  /** The enabled ones. Empty: it is called without a key. */
  readonly keys: readonly ProviderKey[]
  /** Why it cannot be called, as the end of a sentence that begins with its name; absent: it can. */
  readonly problem?: string
  /** The listed and enabled ones by name, in their order. */
  readonly models: ReadonlyMap<string, ServedModel>
  /** What is known of any model there, listed or not. */
  describe(model: string): ModelFacts
}

/** Commas and slashes part a provider from a model (`openai,gpt-4o`, `openai/gpt-4o`). */
const PROVIDER_NAME = /^[^\p{C},/]{1,64}$/u

/** Whether a base URL is needed to call them. */
const TRANSPORTS: Readonly<Record<Provider['transport'], 'always' | 'maybe' | 'never'>> = {
  http: 'always',
  bedrock: 'maybe',
  demo: 'never',
}

/**
 * Reads the rows of one provider.
 *
 * @param protocols names of the codecs that there are.
 * @throws RegistryFault for a row that could not be called as it stands.
 */
export function readProvider(
  row: ProviderRow,
  keyRows: readonly ProviderKeyRow[],
  modelRows: readonly ModelRow[],
  protocols: readonly ProtocolName[],
): ServedProvider {
  const path = `providers.${row.name}`
  if (!PROVIDER_NAME.test(row.name) || row.name.trim() !== row.name) {
    throw new RegistryFault(path, 'is no name for a provider: expected 1 to 64 characters without commas and slashes')
  }
  if (!protocols.includes(row.protocol)) {
    throw new RegistryFault(`${path}.protocol`, `must be one of ${protocols.join(', ')}`)
  }
  if (!isTransport(row.transport))
    throw new RegistryFault(`${path}.transport`, `must be one of ${Object.keys(TRANSPORTS).join(', ')}`)
  const known = describeProvider(row.name, row.protocol)
  const provider: Provider = {
    name: row.name,
    protocol: row.protocol,
    transport: row.transport,
    baseUrl: readBaseUrl(path, row.baseUrl, TRANSPORTS[row.transport]),
    auth: { header: row.authHeader, prefix: row.authPrefix },
    headers: readHeaders(`${path}.headers`, row.headers),
    ...(row.proxyUrl === null ? {} : { proxyUrl: readProxyUrl(path, row.proxyUrl) }),
  }
  const keys = keyRows.filter((key) => key.enabled).map((key) => readKey(path, key))
  const models = new Map<string, ServedModel>()
  for (const model of modelRows) {
    const served = readModel(row.name, known.facts, model)
    if (model.enabled) models.set(model.name, served)
  }
  const problem = findProblem(row, keys.length)
  const described = new Map<string, ModelFacts>()
  return {
    provider,
    enabled: row.enabled,
    keys,
    ...(problem === undefined ? {} : { problem }),
    models,
    describe: (model) => models.get(model)?.facts ?? describeUnlisted(model),
  }

  function describeUnlisted(model: string): ModelFacts {
    const before = described.get(model)
    if (before !== undefined) return before
    // Clients can name models at will.
    if (described.size >= REMEMBERED_MODELS) described.clear()
    const facts = readFacts(row.name, known.facts, model)
    described.set(model, facts)
    return facts
  }
}

const REMEMBERED_MODELS = 1000

function findProblem(row: ProviderRow, keyCount: number): string | undefined {
  if (!row.enabled) return 'is disabled'
  const known = describeProvider(row.name, row.protocol)
  if (keyCount > 0 || known.keyless) return undefined
  // Somebody's own server under a vendor's name may well do without a key; the vendor's own does not.
  if (known.baseUrl === undefined || new URL(known.baseUrl).origin !== new URL(row.baseUrl).origin) return undefined
  return `has no key: set ${known.keyVariables.join(' or ')} or api_key`
}

function readModel(provider: string, providerFacts: ModelFacts, row: ModelRow): ServedModel {
  return {
    name: row.name,
    ...(row.displayName === null ? {} : { displayName: row.displayName }),
    facts: readFacts(provider, providerFacts, row.name, row),
    createdAt: Math.floor(row.createdAt / 1000),
  }
}

function readKey(path: string, row: ProviderKeyRow): ProviderKey {
  try {
    validateHeaderValue('authorization', row.secret)
  } catch {
    // The reason of the failure may repeat the value.
    throw new RegistryFault(`${path}.api_key`, 'has characters that no HTTP header can carry, such as a line break')
  }
  return { id: row.id, secret: row.secret }
}

function readBaseUrl(path: string, text: string, needed: 'always' | 'maybe' | 'never'): string {
  if (needed === 'never' || (needed === 'maybe' && text === '')) return ''
  try {
    return parseBaseUrl(text)
  } catch (error) {
    throw new RegistryFault(
      `${path}.api_base_url`,
      `is wrong: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
}

function readProxyUrl(path: string, text: string): string {
  if (text === '') return ''
  try {
    return parseProxyUrl(text).href
  } catch (error) {
    throw new RegistryFault(`${path}.proxy_url`, `is wrong: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function readHeaders(path: string, value: unknown): Readonly<Record<string, string>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new RegistryFault(path, 'must be an object')
  const headers: [string, string][] = []
  for (const [name, text] of Object.entries(value)) {
    const lowerCase = name.toLowerCase()
    try {
      validateHeaderName(name)
      validateHeaderValue(name, text)
    } catch {
      throw new RegistryFault(`${path}.${name}`, 'is no header that HTTP can carry')
    }
    if (typeof text !== 'string') throw new RegistryFault(`${path}.${name}`, 'must be text')
    if (TRANSPORT_HEADERS.has(lowerCase))
      throw new RegistryFault(`${path}.${name}`, 'is written by the transport itself')
    headers.push([lowerCase, text])
  }
  return Object.fromEntries(headers)
}

function isTransport(text: string): text is Provider['transport'] {
  return Object.hasOwn(TRANSPORTS, text)
}
