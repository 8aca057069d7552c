/**
 * What the registry costs as it grows to 10,000 models, 1,000 groups and 10,000 aliases: resolving per request, and the time from
 * a change to the first request that it serves.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openRegistry, type Registry } from '../../src/registry/registry.ts'
import { saveAlias, saveGroup } from '../../src/registry/save-group.ts'
import { saveProvider } from '../../src/registry/save-provider.ts'
import type { RoutingFacts } from '../../src/registry/snapshot.ts'
import { openStore, type Store } from '../../src/store/open-store.ts'
import { glanceAt } from '../support/registry.ts'

interface Size {
  readonly providers: number
  readonly modelsEach: number
  readonly groups: number
  readonly aliasesEach: number
}

const SIZES: readonly Size[] = [
  { providers: 10, modelsEach: 10, groups: 10, aliasesEach: 10 },
  { providers: 32, modelsEach: 32, groups: 100, aliasesEach: 10 },
  { providers: 100, modelsEach: 100, groups: 1000, aliasesEach: 10 },
  // The same, all in one: the worst that one entry can be.
  { providers: 1, modelsEach: 10_000, groups: 1, aliasesEach: 10_000 },
]

/** The clock of a thread's time is coarse: one change alone would not show. */
const CHANGES = 20

const rows: Record<string, Record<string, string>> = {}
for (const size of SIZES) measure(size)
console.table(rows)

function measure(size: Size): void {
  const directory = mkdtempSync(join(tmpdir(), 'interlingua-bench-'))
  const store = openStore({ directory })
  try {
    store.transaction(() => fill(store, size))
    const { result: registry, ms } = time(() => openRegistry({ store, protocols: ['openai-chat', 'anthropic'] }))
    const { providers, modelsEach, groups, aliasesEach } = size
    rows[`${providers * modelsEach} models, ${groups} groups, ${groups * aliasesEach} aliases`] = {
      'open (ms)': ms.toFixed(0),
      ...measureResolving(registry),
      ...measureChanges(store, registry),
    }
    registry.close()
  } finally {
    store.close()
    rmSync(directory, { recursive: true })
  }
}

function fill(store: Store, { providers, modelsEach, groups, aliasesEach }: Size): void {
  for (let provider = 0; provider < providers; provider += 1) {
    const models = Array.from({ length: modelsEach }, (_, index) => nameModel(provider, index))
    saveProvider(store, { ...describeProvider(provider), models }, false)
  }
  for (let group = 0; group < groups; group += 1) {
    const name = `group-${group}`
    const routes = { longContext: 'long', think: 'think', default: 'rest' }
    const targets = (model: string) => [
      { provider: `provider-${group % providers}`, model, weight: 2, priority: 0, parameters: {} },
      { provider: `provider-${(group + 1) % providers}`, model, weight: 1, priority: 0, parameters: {} },
      { provider: `provider-${(group + 2) % providers}`, model, weight: 1, priority: 1, parameters: {} },
    ]
    saveGroup(store, {
      name,
      open: true,
      aliases: new Map(
        Array.from({ length: aliasesEach }, (_, index) => [
          index % 2 === 0 ? `alias-${index}` : `pattern-${index}-*`,
          targets(`model-${index}`),
        ]),
      ),
      routes: new Map(Object.entries(routes).map(([route, model]) => [route, targets(model)])),
    })
  }
}

function describeProvider(index: number) {
  const name = `provider-${index}`
  return { name, baseUrl: `http://127.0.0.1:${1000 + index}/v1`, keys: [`${name}-key-one`, `${name}-key-two`] }
}

function nameModel(provider: number, index: number) {
  return { name: `model-${provider}-${index}`, capabilities: { tools: true }, enabled: true }
}

function measureResolving(registry: Registry): Record<string, string> {
  const { resolveTargets } = registry.snapshot()
  const glance = glanceAt()
  const resolve = (name: string, facts?: RoutingFacts) => perCall(() => resolveTargets('group-0', name, glance, facts))
  const conversation = () => 'group-0 the first words of a conversation'
  return {
    'alias (us)': resolve('alias-8'),
    'pattern (us)': resolve('pattern-9-x'),
    'provider,model (us)': resolve('provider-0,model-0-9'),
    'default (us)': resolve('whatever'),
    'group@alias (us)': resolve('group-0@alias-8'),
    'sticky facts (us)': resolve('alias-8', { conversation }),
    'unknown (us)': perCall(() => {
      try {
        resolveTargets('nowhere', 'x', glance)
      } catch {
        // Told as it should be.
      }
    }, 500),
  }
}

function measureChanges(store: Store, registry: Registry): Record<string, string> {
  const live = (name: string, change: () => void): [string, string] => {
    const { ms } = time(() => {
      for (let round = 0; round < CHANGES; round += 1) {
        change()
        registry.snapshot().resolveTargets('group-0', 'alias-8', glanceAt())
      }
    })
    return [`${name} (ms)`, (ms / CHANGES).toFixed(1)]
  }
  const group = store.groups.find('group-0')?.id ?? 0
  const target = [{ provider: 'provider-0', model: 'm', weight: 1, priority: 0, parameters: {} }]
  return Object.fromEntries([
    live('alias live', () => saveAlias(store, group, 'group-0', 'alias-8', target)),
    live('group live', () =>
      saveGroup(store, { name: 'group-0', description: String(Math.random()), aliases: new Map() }),
    ),
    live('provider live', () => saveProvider(store, { ...describeProvider(0), keys: [`key-${Math.random()}`] }, false)),
    live('new provider live', () =>
      saveProvider(store, { ...describeProvider(0), name: `new-${Math.random()}` }, false),
    ),
  ])
}

function perCall(work: () => unknown, times = 100_000): string {
  // Not compiled yet.
  for (let round = 0; round < times / 10; round += 1) work()
  const { ms } = time(() => {
    for (let round = 0; round < times; round += 1) work()
  })
  return ((ms / times) * 1000).toFixed(2)
}

/** Of this thread's own time: what other programs take of the machine does not count. */
function time<Result>(work: () => Result): { readonly result: Result; readonly ms: number } {
  const before = process.threadCpuUsage()
  const result = work()
  const { user, system } = process.threadCpuUsage(before)
  return { result, ms: (user + system) / 1000 }
}
