/** Finds what a configuration says rightly and yet without the effect that one would expect. */
import type { JsonPath } from './config-document.ts'
import type { WrittenConfig } from './written-config.ts'

export interface OddSetting {
  readonly path: JsonPath
  /** The rest of a sentence that begins with the path. */
  readonly problem: string
}

const SPECIAL_ROUTES: ReadonlySet<string> = new Set(['default', 'longContext', 'background', 'think'])

/** @param written valid by `CONFIG_SCHEMA`. */
export function findOddSettings(written: WrittenConfig): readonly OddSetting[] {
  const routes = written.routes ?? {}
  return [...findMissingRoutes(written), ...Object.entries(routes).flatMap(([name, route]) => judgeRoute(name, route))]
}

/** Providers that no route leads to answer only to who names them (A013, A118). */
function findMissingRoutes({ providers = [], routes = {}, groups = {} }: WrittenConfig): readonly OddSetting[] {
  if (Object.hasOwn(routes, 'default')) return []
  if (Object.keys(routes).length > 0) {
    return [{ path: ['routes'], problem: 'has no "default": a request that none of them fits finds no model' }]
  }
  const leadsSomewhere = Object.values(groups).some(({ aliases = {}, routes: own = {} }) =>
    [aliases, own].some((names) => Object.keys(names).length > 0),
  )
  if (providers.length === 0 || leadsSomewhere) return []
  const [first] = providers
  const problem = `are not given: a request finds a model only by naming its provider, as in "${first?.name},MODEL"`
  return [{ path: ['routes'], problem }]
}

function judgeRoute(name: string, route: unknown): readonly OddSetting[] {
  const odd: OddSetting[] = []
  // What Claude Code sends begins so; other clients ask for anything (X14).
  if (!SPECIAL_ROUTES.has(name) && !name.startsWith('claude')) {
    odd.push({ path: ['routes', name], problem: 'is no name that Claude Code asks for; it serves other clients' })
  }
  if (typeof route === 'object' && route !== null && 'conditions' in route && !isEmptyList(route.conditions)) {
    odd.push({ path: ['routes', name, 'conditions'], problem: 'is taken and has no effect' })
  }
  return odd
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0
}
