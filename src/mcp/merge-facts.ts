/** What a hub says of itself: the union of what its servers can (M68). */
import type { JsonObject } from './json-rpc.ts'
import { isObject } from './message-kind.ts'
import type { Catalogue } from './upstream/connection.ts'

/** Of all instructions together; one server's share is a quarter of it. */
const MAX_INSTRUCTIONS = 16_384

/** Assumed of a server that was never asked yet: whoever declares less could not take it back. */
const UNKNOWN: JsonObject = { tools: {}, prompts: {}, resources: { subscribe: true }, completions: {}, logging: {} }

/** The hub's own lists change even where a server's never do (M58). */
const OWN: JsonObject = {
  tools: { listChanged: true },
  prompts: { listChanged: true },
  resources: { listChanged: true },
}

/**
 * @param catalogues in configuration order; undefined for a server whose catalogue is not known yet.
 */
export function mergeCapabilities(catalogues: readonly (Catalogue | undefined)[]): JsonObject {
  const all = catalogues.map((catalogue) => catalogue?.facts.capabilities ?? UNKNOWN)
  const merged = all.reduce(unite, {})
  const own = Object.entries(OWN).filter(([kind]) => kind === 'tools' || merged[kind] !== undefined)
  return unite(merged, Object.fromEntries(own))
}

export function mergeInstructions(catalogues: readonly (Catalogue | undefined)[]): string | undefined {
  const told = catalogues.flatMap((catalogue) => {
    const text = catalogue?.facts.instructions
    return catalogue === undefined || text === undefined || text === '' ? [] : [{ server: catalogue.server, text }]
  })
  const [only] = told
  if (only === undefined) return undefined
  if (catalogues.length === 1) return only.text.slice(0, MAX_INSTRUCTIONS)
  return told
    .map(({ server, text }) => `## ${server}\n\n${text.slice(0, MAX_INSTRUCTIONS / 4)}`)
    .join('\n\n')
    .slice(0, MAX_INSTRUCTIONS)
}

/** Objects member by member, truth wins over its absence, else the first wins. */
function unite(one: JsonObject, other: JsonObject): JsonObject {
  const united: Record<string, unknown> = { ...one }
  for (const [name, value] of Object.entries(other)) {
    const mine = united[name]
    if (isObject(mine) && isObject(value)) united[name] = unite(mine, value)
    else if (mine === undefined || mine === false) united[name] = value
  }
  return united
}
