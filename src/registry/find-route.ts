/** The order in which the rules of a group are tried. docs/routing.md has it as a table. */
import type { Glance } from '../../protocols/codec.ts'
import type { ProviderIndex } from './provider-index.ts'
import type { Route } from './route.ts'
import type { FoundRoute, ServedGroup } from './served-group.ts'
import type { RoutingFacts, RoutingRule } from './snapshot.ts'

/** Clients in Anthropic's protocol name this one for what happens beside a conversation (A074). */
const BACKGROUND_PREFIX = 'claude-3-5-haiku'

/** What a name says by itself; `nobody`: it names a provider that there is not, and is meant for no other. */
export function findNamed(
  { group, exact, patterns, special }: ServedGroup,
  providers: ProviderIndex,
  asked: string,
): FoundRoute | 'nobody' | undefined {
  // Whoever names a provider takes what the default route would have filled in (A064).
  const parameters = special.default?.targets[0]?.parameters
  if (group.open && asked.includes(',')) {
    const named = as('provider-model', providers.nameModel(asked, ',', parameters)) ?? exact.get(asked)
    // No model's name has a comma.
    return named ?? 'nobody'
  }
  const found = exact.get(asked) ?? patterns.find(asked)
  if (found !== undefined || !group.open) return found
  return as('provider-model', providers.nameModel(asked, '/', parameters))
}

/** What a request is decides where its name does not. */
export function findByKind(
  { group, special }: ServedGroup,
  providers: ProviderIndex,
  request: {
    readonly asked: string
    readonly glance: Glance
    readonly facts: RoutingFacts
    readonly threshold: number
  },
): FoundRoute | undefined {
  const { asked, glance } = request
  return (
    as('longContext', special.longContext, () => isLong(request)) ??
    as('background', special.background, () => asked.startsWith(BACKGROUND_PREFIX)) ??
    as('think', special.think, () => glance.thinking) ??
    as('default', special.default) ??
    (group.open ? as('listed', providers.findListed(asked)) : undefined)
  )
}

/** Counted only when it matters: no text has more tokens than bytes. */
function isLong(request: {
  readonly glance: Glance
  readonly facts: RoutingFacts
  readonly threshold: number
}): boolean {
  const { glance, facts, threshold } = request
  // What an earlier answer adds is not in the bytes that a glance has seen.
  if (glance.textBytes <= threshold && glance.previous === undefined) return false
  return (facts.countTokens?.() ?? 0) > threshold
}

function as(rule: RoutingRule, route: Route | undefined, applies: () => boolean = () => true): FoundRoute | undefined {
  return route !== undefined && applies() ? { route, rule } : undefined
}
