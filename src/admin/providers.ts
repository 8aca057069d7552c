/** `/providers`: what is called, by which keys. */
import { Router } from 'express'
import { type ConfiguredModel, writeModel } from '../config/model-notation.ts'
import {
  type ConfiguredProvider,
  PROVIDER_SCHEMA,
  readProvider,
  type WrittenProvider,
} from '../config/provider-notation.ts'
import { ENTRY_PATH, ownerOf } from '../registry/owner.ts'
import { saveProvider } from '../registry/save-provider.ts'
import type { ModelRow } from '../store/models.ts'
import type { Store } from '../store/open-store.ts'
import type { ProviderRow } from '../store/providers.ts'
import { AdminFailure } from './admin-failure.ts'
import { isMask, maskSecret } from './mask-secret.ts'
import { bodyReader, parseBody, takeBytes } from './read-body.ts'

const readWritten = bodyReader<WrittenProvider>(PROVIDER_SCHEMA, ['header_names', 'owner', 'created_at', 'updated_at'])

/** Both ways of writing them are in use (X16). */
const CAMEL_CASE: ReadonlyMap<string, string> = new Map([
  ['apiKey', 'api_key'],
  ['apiKeys', 'api_keys'],
  ['apiBaseUrl', 'api_base_url'],
])

export function createProviders(store: Store): Router {
  const router = Router()

  router.get('/providers', (_request, response) => {
    response.json(store.providers.list().map((row) => describe(store, row)))
  })
  router.post('/providers', takeBytes, (request, response) => {
    const change = keepMasked(store, readProvider(readWritten(spellOut(parseBody(request)))))
    const { created } = saveProvider(store, change, false)
    response.status(created ? 201 : 200).json(describe(store, find(store, change.name)))
  })
  router.get('/providers/:name', (request, response) => {
    response.json(describe(store, find(store, request.params.name)))
  })
  router.put('/providers/:name', takeBytes, (request, response) => {
    const { name } = find(store, request.params.name)
    const body = spellOut(parseBody(request))
    const written = readWritten(isObject(body) ? { name, ...body } : body)
    if (written.name.trim().toLowerCase() !== name.toLowerCase()) {
      throw new AdminFailure(400, 'A provider cannot be given another name: add a new one.', {
        field: 'name',
        issue: 'must be the name in the path',
      })
    }
    saveProvider(store, keepMasked(store, readProvider(written)), false)
    response.json(describe(store, find(store, name)))
  })
  router.delete('/providers/:name', (request, response) => {
    const { name } = find(store, request.params.name)
    store.providers.delete(name)
    response.json({ name, deleted: true })
  })
  return router
}

function find(store: Store, name: string): ProviderRow {
  const row = store.providers.find(name)
  if (row === undefined) throw new AdminFailure(404, `There is no provider "${name}".`)
  return row
}

/** Built field by field and never from the row, so that no secret gets out by being added there. */
function describe(store: Store, row: ProviderRow): object {
  const keys = store.providerKeys.listOf(row.id).map((key) => maskSecret(key.secret))
  return {
    name: row.name,
    protocol: row.protocol,
    api_base_url: row.baseUrl,
    ...(keys[0] === undefined ? {} : { api_key: keys[0] }),
    api_keys: keys,
    models: store.models
      .list()
      .filter((model) => model.providerId === row.id)
      .map((model) => writeModel(toConfigured(model))),
    enabled: row.enabled,
    // Their values may be secrets.
    header_names: isObject(row.headers) ? Object.keys(row.headers) : [],
    owner: ownerOf(store, ENTRY_PATH.provider(row.name)),
    created_at: new Date(row.createdAt).toISOString(),
    updated_at: new Date(row.updatedAt).toISOString(),
  }
}

function toConfigured(row: ModelRow): ConfiguredModel {
  return {
    name: row.name,
    ...(row.displayName === null ? {} : { displayName: row.displayName }),
    ...(row.contextTokens === null ? {} : { contextTokens: row.contextTokens }),
    ...(row.maxOutputTokens === null ? {} : { maxOutputTokens: row.maxOutputTokens }),
    ...(row.defaultMaxOutputTokens === null ? {} : { defaultMaxOutputTokens: row.defaultMaxOutputTokens }),
    // The registry has judged it before it was committed.
    capabilities: row.capabilities as ConfiguredModel['capabilities'],
    enabled: row.enabled,
  }
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
  if (!isObject(body)) return body
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

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
