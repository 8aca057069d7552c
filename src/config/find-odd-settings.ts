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
  return [...findMissingRoutes(written), ...findForeignNames(routes), ...findConditions(routes)]
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

/** What Claude Code sends begins with its maker's word; other clients ask for anything (X14). Told once, however many there are. */
function findForeignNames(routes: Readonly<Record<string, unknown>>): readonly OddSetting[] {
  const [first, ...more] = Object.keys(routes).filter((name) => !SPECIAL_ROUTES.has(name) && !name.startsWith('claude'))
  if (first === undefined) return []
  const others = more.length === 0 ? 'it serves' : `it and ${more.length} more of the routes serve`
  return [{ path: ['routes', first], problem: `is no name that Claude Code asks for; ${others} other clients` }]
}

/** The field is taken as it is where it comes from, and was never obeyed there either (X13). */
function findConditions(routes: Readonly<Record<string, unknown>>): readonly OddSetting[] {
  return Object.entries(routes).flatMap(([name, route]) => {
    const says = typeof route === 'object' && route !== null && 'conditions' in route && !isEmptyList(route.conditions)
    return says ? [{ path: ['routes', name, 'conditions'], problem: 'is taken and has no effect' }] : []
  })
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0
}
