/**
 * Reads the configuration of Claude Code Router (`~/.claude-code-router/config.json`).
 *
 * @see https://github.com/musistudio/claude-code-router
 */
import { readJsonc } from '../jsonc-document.ts'
import type { WrittenModel } from '../model-notation.ts'
import type { WrittenProvider } from '../provider-notation.ts'
import type { WrittenRoute } from '../route-notation.ts'
import type { WrittenTarget } from '../target-notation.ts'
import type { WrittenConfig } from '../written-config.ts'
import type { Imported, LeftOut } from './imported.ts'
import { readList, readMembers, readNumber, readText } from './read-member.ts'
import { splitEndpoint } from './split-endpoint.ts'

const ROUTES = ['default', 'background', 'think', 'longContext']

const LEVELS: Readonly<Record<string, Exclude<WrittenConfig['log_level'], undefined>>> = {
  fatal: 'error',
  error: 'error',
  warn: 'warn',
  info: 'info',
  debug: 'debug',
  trace: 'trace',
}

/** Conversions for one vendor that the gateway makes by itself, knowing the protocol and the provider's quirks. */
const NEEDLESS: ReadonlySet<string> = new Set([
  'anthropic',
  'openai',
  'gemini',
  'deepseek',
  'openrouter',
  'groq',
  'cerebras',
  'reasoning',
  'cleancache',
  'streamoptions',
  'forcereasoning',
])

/** Settings of its command line, and switches that say nothing here. */
const SILENT: ReadonlySet<string> = new Set(['NON_INTERACTIVE_MODE', 'CLAUDE_PATH', 'StatusLine'])

const KNOWN: ReadonlySet<string> = new Set([
  ...SILENT,
  ...['Providers', 'providers', 'Router', 'fallback', 'HOST', 'PORT', 'APIKEY', 'LOG', 'LOG_LEVEL', 'PROXY_URL'],
  'API_TIMEOUT_MS',
])

/**
 * @param name what problems call the text.
 * @throws ConfigFault for text that is no JSON.
 */
export function importClaudeCodeRouter(name: string, text: string): Imported {
  const source = readMembers(readJsonc(name, text, spellVariables).value)
  const left: LeftOut[] = []
  const providers = readList(source['Providers'] ?? source['providers']).flatMap((provider, index) =>
    readProvider(readMembers(provider), `Providers.${index}`, left),
  )
  const routes = readRoutes(readMembers(source['Router']), readMembers(source['fallback']), left)
  for (const key of Object.keys(source)) {
    if (!KNOWN.has(key)) left.push({ path: key, reason: 'has no counterpart' })
  }
  const threshold = readNumber(readMembers(source['Router'])['longContextThreshold'])
  const written: WrittenConfig = {
    ...readServer(source),
    ...(threshold === undefined ? {} : { long_context_threshold: threshold }),
    ...(providers.length === 0 ? {} : { providers }),
    ...(Object.keys(routes).length === 0 ? {} : { routes }),
  }
  return { written, left }
}

/** It takes `$NAME` of capital letters as well. */
function spellVariables(text: string): string {
  return text.replace(/\$([A-Z_][A-Z0-9_]*)/g, (_, name: string) => `\${${name}}`)
}

function readServer(source: Readonly<Record<string, unknown>>): WrittenConfig {
  const host = readText(source['HOST'])
  const port = readNumber(source['PORT'])
  const apikey = readText(source['APIKEY'])
  const level = LEVELS[readText(source['LOG_LEVEL']) ?? '']
  const proxy = readText(source['PROXY_URL'])
  const timeout = readNumber(source['API_TIMEOUT_MS'])
  return {
    ...(host === undefined ? {} : { host }),
    ...(port === undefined ? {} : { port }),
    ...(apikey === undefined ? {} : { apikey }),
    ...(typeof source['LOG'] === 'boolean' ? { log: source['LOG'] } : {}),
    ...(level === undefined ? {} : { log_level: level }),
    ...(proxy === undefined ? {} : { proxy_url: proxy }),
    ...(timeout === undefined || timeout <= 0 ? {} : { performance: { request_timeout: `${timeout}ms` } }),
  }
}

function readProvider(
  source: Readonly<Record<string, unknown>>,
  path: string,
  left: LeftOut[],
): readonly WrittenProvider[] {
  const name = readText(source['name'] ?? source['NAME'])
  if (name === undefined) {
    left.push({ path, reason: 'has no name' })
    return []
  }
  const key = readText(source['api_key'] ?? source['APIKEY'])
  const url = readText(source['api_base_url'] ?? source['HOST'])
  const place: Partial<ReturnType<typeof splitEndpoint>> = url === undefined ? {} : splitEndpoint(url)
  const transformer = readMembers(source['transformer'])
  const protocol = place.protocol ?? (usesOnly(transformer, 'anthropic') ? 'anthropic' : undefined)
  const models = readList(source['models'] ?? source['MODELS']).flatMap((model) => readText(model) ?? [])
  const limits = readTransformers(transformer, `${path}.transformer`, left)
  return [
    {
      name,
      ...(key === undefined ? {} : { api_key: key }),
      ...(place.baseUrl === undefined ? {} : { api_base_url: place.baseUrl }),
      ...(protocol === undefined ? {} : { protocol }),
      models: models.map((model): WrittenModel => {
        const limit = limits.get(model) ?? limits.get('')
        return limit === undefined ? model : { name: model, max_output_tokens: limit }
      }),
    },
  ]
}

/** That alone makes it pass requests on as they came. */
function usesOnly(transformer: Readonly<Record<string, unknown>>, wanted: string): boolean {
  const uses = readList(transformer['use'])
  return uses.length === 1 && readText(uses[0])?.toLowerCase() === wanted
}

/** @returns the limit of answers in tokens by model; the empty name stands for all of the provider's. */
function readTransformers(
  transformer: Readonly<Record<string, unknown>>,
  path: string,
  left: LeftOut[],
): ReadonlyMap<string, number> {
  const limits = new Map<string, number>()
  const read = (uses: unknown, model: string, place: string): void => {
    for (const [index, use] of readList(uses).entries()) {
      const [named, options] = Array.isArray(use) ? use : [use]
      const name = readText(named) ?? ''
      const limit = readNumber(readMembers(options)['max_tokens'])
      if (name === 'maxtoken' && limit !== undefined) limits.set(model, limit)
      else if (!NEEDLESS.has(name.toLowerCase()) || Object.keys(readMembers(options)).length > 0) {
        left.push({ path: `${place}.${index}`, reason: `names the transformer ${name}, which has no counterpart` })
      }
    }
  }
  for (const [key, value] of Object.entries(transformer)) {
    if (key === 'use') read(value, '', `${path}.use`)
    else read(readMembers(value)['use'], key, `${path}.${key}.use`)
  }
  return limits
}

function readRoutes(
  router: Readonly<Record<string, unknown>>,
  fallback: Readonly<Record<string, unknown>>,
  left: LeftOut[],
): Readonly<Record<string, WrittenRoute>> {
  const routes: Record<string, WrittenRoute> = {}
  for (const [name, value] of Object.entries(router)) {
    if (name === 'longContextThreshold') continue
    const target = ROUTES.includes(name) ? readTarget(value) : undefined
    if (target !== undefined) {
      const fallbacks = readList(fallback[name]).flatMap((text) => readTarget(text) ?? [])
      routes[name] = { ...target, ...(fallbacks.length === 0 ? {} : { fallbacks }) }
    } else if (readText(value) !== undefined || !ROUTES.includes(name)) {
      const reason = ROUTES.includes(name) ? 'names no provider and model' : 'is no route that there is here'
      left.push({ path: `Router.${name}`, reason })
    }
  }
  for (const name of Object.keys(fallback)) {
    if (!Object.hasOwn(routes, name)) left.push({ path: `fallback.${name}`, reason: 'belongs to no route' })
  }
  return routes
}

function readTarget(value: unknown): Exclude<WrittenTarget, string> | undefined {
  const [provider, ...model] = (readText(value) ?? '').split(',')
  const [name, rest] = [provider?.trim() ?? '', model.join(',').trim()]
  return name === '' || rest === '' ? undefined : { provider: name, model: rest }
}
