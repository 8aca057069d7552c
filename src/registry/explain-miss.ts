/** Tells a caller why nothing serves the request, and what would. */
import type { ModelEntry } from '../../protocols/codec.ts'
import { type ApiErrorKind, ApiFailure } from '../../protocols/ir/error.ts'
import { findNearest } from '../config/nearest.ts'
import type { Route } from './route.ts'
import type { ServedGroup } from './served-group.ts'

/** More of a name is not repeated: it came from outside, and may be as long as a body. */
const SHOWN_CHARACTERS = 100
const LISTED_GROUPS = 10

/** @param isKnown it is there, but disabled (defect 25). */
export function refuseGroup(name: string, isKnown: boolean, groups: Iterable<ServedGroup>): never {
  if (isKnown) return refuse('not-found', `The group ${shown(name)} is disabled.`)
  const enabled = [...groups].filter((served) => served.group.enabled).map((served) => served.group.name)
  return refuse('not-found', `There is no group ${shown(name)}.${suggest(findNearest(name, enabled))} ${list(enabled)}`)
}

function list(groups: readonly string[]): string {
  const rest = groups.length > LISTED_GROUPS ? ` and ${groups.length - LISTED_GROUPS} more` : ''
  return `Groups: ${groups.slice(0, LISTED_GROUPS).map(shown).join(', ')}${rest}.`
}

export function refuseEmpty(served: ServedGroup): never {
  const { name, open } = served.group
  const advice = open
    ? 'Add routes, "default" for one, or a provider with its models: in the configuration file, or with POST /providers.'
    : `Add an alias: in the configuration file, or with PUT /admin/groups/${encodeURIComponent(name)}/aliases/<name>.`
  return refuse('model-not-found', `The group ${shown(name)} has no models yet. ${advice}`, 'model')
}

/** @param models of the group, as they can be asked for. */
export function refuseModel(served: ServedGroup, model: string, models: readonly ModelEntry[]): never {
  const { name } = served.group
  const nearest = findNearest(
    model,
    models.map((entry) => entry.id),
  )
  const list = `GET /${name === 'default' ? '' : `${encodeURIComponent(name)}/`}v1/models lists what there is.`
  return refuse(
    'model-not-found',
    `The group ${shown(name)} has no model ${shown(model)}.${suggest(nearest)} ${list}`,
    'model',
  )
}

/**
 * The name is written as `provider,model`, and means nothing else.
 *
 * @param providers the names of those that there are.
 */
export function refuseProvider(served: ServedGroup, asked: string, providers: readonly string[]): never {
  const [provider = '', ...model] = asked.split(',').map((part) => part.trim())
  if (provider === '' || model.join() === '') {
    return refuse('bad-request', `${shown(asked)} is no provider,model: one of the two is empty.`, 'model')
  }
  const start = `The group ${shown(served.group.name)} has no model ${shown(asked)}: there is no provider ${shown(provider)}.`
  return refuse('model-not-found', `${start}${suggest(findNearest(provider, providers))}`, 'model')
}

export function refuseForbidden(served: ServedGroup, model: string): never {
  return refuse('forbidden', `The group ${shown(served.group.name)} does not allow the model ${shown(model)}.`, 'model')
}

export function refuseUnavailable(route: Route): never {
  const problems = new Set(route.targets.map(({ served }) => `provider ${served.provider.name} ${served.problem}`))
  const reason = problems.size === 0 ? 'the providers of its targets were deleted' : [...problems].join('; ')
  return refuse('unavailable', `Nothing can serve ${shown(route.title)}: ${reason}.`, 'model')
}

/** @param retryAfterMs until the first of the targets is tried again. */
export function refuseOpen(route: Route, retryAfterMs: number): never {
  const names = [...new Set(route.targets.map(({ served, model }) => `${served.provider.name}/${model}`))]
  const seconds = Math.max(1, Math.ceil(retryAfterMs / 1000))
  const wait = `${seconds} second${seconds === 1 ? '' : 's'}`
  const message = `Nothing can serve ${shown(route.title)} now: ${names.join(', ')} failed again and again and will be tried again in ${wait}.`
  throw new ApiFailure({ kind: 'unavailable', message, source: 'proxy', retryAfterMs: seconds * 1000 })
}

function refuse(kind: ApiErrorKind, message: string, param?: string): never {
  throw new ApiFailure({ kind, message, ...(param === undefined ? {} : { param }), source: 'proxy' })
}

function suggest(names: readonly string[]): string {
  return names.length === 0 ? '' : ` Did you mean ${names.map(shown).join(' or ')}?`
}

/** In quotation marks, cut, and without characters that could act on a terminal. */
function shown(name: string): string {
  const characters = [...name.replace(/\p{C}/gu, '\u{fffd}')]
  return `"${characters.slice(0, SHOWN_CHARACTERS).join('')}${characters.length > SHOWN_CHARACTERS ? '…' : ''}"`
}
