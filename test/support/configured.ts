/** Any provider, group and target that a configuration can name. */
import fc from 'fast-check'
import type { ConfiguredGroup } from '../../src/config/group-notation.ts'
import type { GroupPolicy } from '../../src/config/group-policy.ts'
import type { ConfiguredMcpRules, ConfiguredMcpServer } from '../../src/config/mcp-notation.ts'
import type { ConfiguredModel } from '../../src/config/model-notation.ts'
import type { ConfiguredProvider } from '../../src/config/provider-notation.ts'
import type { ConfiguredTarget } from '../../src/config/target-notation.ts'

/** A name that trimming leaves alone. */
const name = fc.string({ minLength: 1, maxLength: 12 }).filter((text) => text.trim() === text)
const count = fc.integer({ min: 1, max: 2_000_000 })
const text = fc.string({ minLength: 1, maxLength: 8 })

export const parameters = fc.record(
  {
    temperature: fc.double({ min: 0, max: 2, noNaN: true }),
    topP: fc.double({ min: 0, max: 1, noNaN: true }),
    topK: count,
    maxOutputTokens: count,
    stop: fc.array(text, { minLength: 1 }),
    seed: fc.integer(),
    presencePenalty: fc.double({ min: -2, max: 2, noNaN: true }),
    frequencyPenalty: fc.double({ min: -2, max: 2, noNaN: true }),
  },
  { requiredKeys: [] },
)

export const model: fc.Arbitrary<ConfiguredModel> = fc
  .record(
    {
      name,
      displayName: text,
      contextTokens: count,
      maxOutputTokens: count,
      defaultMaxOutputTokens: count,
      capabilities: fc.record(
        {
          tools: fc.boolean(),
          images: fc.boolean(),
          audio: fc.boolean(),
          files: fc.boolean(),
          reasoning: fc.boolean(),
          jsonSchema: fc.boolean(),
        },
        { requiredKeys: [] },
      ),
      toolDialect: fc.constantFrom('hermes', 'chatspeed'),
      enabled: fc.boolean(),
    },
    { requiredKeys: ['name', 'capabilities', 'enabled'] },
  )
  .map((record) => ({ ...record, capabilities: { ...record.capabilities } }) as ConfiguredModel)

export const target: fc.Arbitrary<ConfiguredTarget> = fc.record({
  provider: name,
  model: name,
  weight: fc.integer({ min: 1, max: 1_000_000 }),
  priority: fc.integer({ min: -1_000_000, max: 1_000_000 }),
  parameters,
})

const pattern = fc.string({ minLength: 1, maxLength: 8 })
const targets = fc.array(target, { minLength: 1, maxLength: 3 })
const headers = fc.dictionary(fc.stringMatching(/^[a-z0-9-]{1,8}$/), fc.stringMatching(/^[!-~]([ -~]{0,8}[!-~])?$/), {
  maxKeys: 3,
})

export const provider: fc.Arbitrary<ConfiguredProvider> = optional<ConfiguredProvider>(
  {
    name,
    keys: fc.uniqueArray(name, { maxLength: 3 }),
    baseUrl: fc.webUrl(),
    protocol: fc.constantFrom('anthropic', 'gemini'),
    models: fc.uniqueArray(model, { maxLength: 3, selector: (one) => one.name }),
    enabled: fc.boolean(),
    headers,
    proxyUrl: fc.oneof(fc.webUrl(), fc.constant('')),
  },
  ['name'],
)

const policy: fc.Arbitrary<GroupPolicy> = optional<GroupPolicy>(
  {
    allowedModels: fc.array(pattern),
    strategy: fc.constantFrom('weighted', 'round-robin', 'priority', 'least-busy', 'sticky'),
    parameters,
    prompt: optional(
      {
        mode: fc.constantFrom('enhance', 'replace'),
        position: fc.constantFrom('system', 'user'),
        text,
        models: fc.array(pattern),
      },
      ['mode', 'position', 'text'],
    ),
    promptReplacements: fc.array(fc.record({ find: text, replace: fc.string() })),
    toolFilter: fc.array(pattern),
    temperatureRatio: fc.double({ min: 0.01, max: 100, noNaN: true }),
    maxContextTokens: count,
    invalidToolCalls: fc.constantFrom('retry', 'pass'),
    toolPrompt: fc.constantFrom('system', 'user'),
    bodyParameters: fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 })),
    headers,
  },
  [],
)

const routes = fc.dictionary(name, targets, { maxKeys: 3 }).map((record) => new Map(Object.entries(record)))

const texts = fc.array(fc.string())

const mcpRules: fc.Arbitrary<ConfiguredMcpRules> = optional<ConfiguredMcpRules>(
  {
    servers: texts,
    naming: fc.constantFrom('prefix', 'plain', 'auto'),
    allow: texts,
    deny: texts,
    search: fc.boolean(),
    repeatReadOnlyTools: fc.boolean(),
    overrides: fc.dictionary(name, optional({ title: fc.string(), description: fc.string() }, [])),
  },
  ['naming', 'deny', 'search', 'repeatReadOnlyTools', 'overrides'],
)

export const mcpServer: fc.Arbitrary<ConfiguredMcpServer> = optional<ConfiguredMcpServer>(
  {
    name: fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/),
    transport: fc.oneof(
      optional(
        {
          type: fc.constant('stdio'),
          command: text,
          args: texts,
          env: fc.dictionary(fc.string(), fc.string()),
          envFile: text,
          cwd: text,
        },
        ['type', 'command', 'args', 'env'],
      ),
      optional(
        {
          type: fc.constantFrom('http', 'sse'),
          url: fc.webUrl(),
          headers,
          forwardHeaders: fc.array(fc.constantFrom('x-tenant', 'traceparent')),
        },
        ['type', 'url', 'headers'],
      ),
    ),
    enabled: fc.boolean(),
    shared: fc.boolean(),
    allowPrivate: fc.boolean(),
    timeoutMs: fc.integer({ min: 1000, max: 1_000_000 }),
    includeTools: texts,
    excludeTools: texts,
    changedTools: fc.constantFrom('warn', 'block'),
  },
  ['name', 'transport', 'enabled', 'shared', 'allowPrivate', 'excludeTools', 'changedTools'],
)
  // Headers of one client are told to no server that all share.
  .filter(({ shared, transport }) => !shared || transport.type === 'stdio' || transport.forwardHeaders === undefined)

export const group: fc.Arbitrary<ConfiguredGroup> = optional<ConfiguredGroup>(
  {
    name: fc.oneof(name, fc.constant('default')),
    description: fc.string(),
    enabled: fc.boolean(),
    open: fc.boolean(),
    toolMode: fc.constantFrom('auto', 'compat', 'native'),
    policy,
    mcp: mcpRules,
    aliases: routes,
    routes,
  },
  ['name', 'aliases'],
)

/** Records that say only some things; fast-check's own type of them allows what is undefined, and ours does not. */
function optional<Value>(
  model: Readonly<Record<string, fc.Arbitrary<unknown>>>,
  requiredKeys: readonly string[],
): fc.Arbitrary<Value> {
  // The rows above say the same as the type, and only those may be missing that may be so there.
  return fc.record({ ...model }, { requiredKeys: [...requiredKeys] }) as fc.Arbitrary<unknown> as fc.Arbitrary<Value>
}
