/** A provider as the management API takes it. */
import {
  type ConfiguredProvider,
  PROVIDER_SCHEMA,
  readProvider,
  type WrittenProvider,
} from '../config/provider-notation.ts'
import type { Store } from '../store/open-store.ts'
import { AdminFailure } from './admin-failure.ts'
import { isMask, maskSecret } from './mask-secret.ts'
import { bodyReader, isMembers } from './read-body.ts'

export interface ProviderBody {
  readonly provider: ConfiguredProvider
  /** What goes back to what is known of the name, by a `null`. */
  readonly reset: ReadonlySet<string>
}

/** Members of answers that say what cannot be set. */
const SHOWN_ONLY = ['header_names', 'proxy_host', 'owner', 'health', 'created_at', 'updated_at']

const readWritten = bodyReader<WrittenProvider>(PROVIDER_SCHEMA, SHOWN_ONLY)

/** Both ways of writing them are in use (X16). */
const CAMEL_CASE: ReadonlyMap<string, string> = new Map([
  ['apiKey', 'api_key'],
  ['apiKeys', 'api_keys'],
  ['apiBaseUrl', 'api_base_url'],
  ['apiBaseURL', 'api_base_url'],
  ['proxyUrl', 'proxy_url'],
])

/** What `null` stands for: nothing of the kind, or what is known of the name. */
const EMPTY: Readonly<Record<string, readonly [string, unknown]>> = {
  api_key: ['api_keys', []],
  api_keys: ['api_keys', []],
  models: ['models', []],
  headers: ['headers', {}],
}
const RESET: Readonly<Record<string, string>> = {
  api_base_url: 'baseUrl',
  protocol: 'protocol',
  enabled: 'enabled',
  proxy_url: 'proxyUrl',
}

/**
 * @param name of the path; absent: the body has to say it.
 * @throws AdminFailure 400
 */
export function readProviderBody(store: Store, body: unknown, name?: string): ProviderBody {
  const { members, reset } = takeNulls(spellOut(body))
  const written = readWritten(isMembers(members) && name !== undefined ? { name, ...members } : members)
  if (name !== undefined && written.name.trim().toLowerCase() !== name.toLowerCase()) {
    throw new AdminFailure(400, 'A provider cannot be given another name: add a new one.', {
      field: 'name',
      issue: 'must be the name in the path',
    })
  }
  return { provider: keepMasked(store, readProvider(written)), reset }
}

function takeNulls(body: unknown): { readonly members: unknown; readonly reset: ReadonlySet<string> } {
  const reset = new Set<string>()
  if (!isMembers(body)) return { members: body, reset }
  const members = Object.entries(body).flatMap(([name, value]): (readonly [string, unknown])[] => {
    const field = RESET[name]
    const empty = EMPTY[name]
    if (value !== null || (field === undefined && empty === undefined)) return [[name, value]]
    if (field !== undefined) reset.add(field)
    return empty === undefined ? [] : [empty]
  })
  return { members: Object.fromEntries(members), reset }
}

/** Whoever reads a provider, changes it and writes it back sends masks where the keys were: these stay (trap 158). */
function keepMasked(store: Store, change: ConfiguredProvider): ConfiguredProvider {
  if (change.keys === undefined || !change.keys.some(isMask)) return change
  const row = store.providers.find(change.name)
  const stored = row === undefined ? [] : store.providerKeys.listOf(row.id).map((key) => maskSecret(key.secret))
  const isUnchanged = change.keys.every((key) => stored.includes(key))
  if (!isUnchanged) {
    throw new AdminFailure(
      400,
      'A key is sent back as it was shown, not as it is: give it whole, or leave it out to keep it.',
      { field: 'api_key', issue: 'is a masked key' },
    )
  }
  const { keys: _, ...rest } = change
  return rest
}

function spellOut(body: unknown): unknown {
  if (!isMembers(body)) return body
  const members = new Map<string, unknown>()
  for (const [name, value] of Object.entries(body)) {
    const spelled = CAMEL_CASE.get(name) ?? name
    if (members.has(spelled)) {
      throw new AdminFailure(400, `${spelled} is given twice, in two spellings.`, {
        field: spelled,
        issue: 'is given twice',
      })
    }
    members.set(spelled, value)
  }
  return Object.fromEntries(members)
}
