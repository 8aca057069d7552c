/** What a request reads of the registry: one immutable state of it, the same from the request's beginning to its end. */
import type { Glance, ModelEntry } from '../../protocols/codec.ts'
import type { ApiError } from '../../protocols/ir/error.ts'
import type { GroupPolicy } from '../config/group-policy.ts'
import type { Target } from '../providers/target.ts'

/** How a group has tools called: as the path says (`auto`), always by prompt (`compat`), never by prompt (`native`). */
export type ToolMode = 'auto' | 'compat' | 'native'

export interface Group {
  readonly name: string
  readonly description: string
  readonly enabled: boolean
  /** Models of every provider may be named in it, besides its aliases. */
  readonly open: boolean
  readonly toolMode: ToolMode
  readonly policy: GroupPolicy
}

/**
 * What routing may ask of a request beyond a glance, each only when a rule depends on it.
 * Whatever is absent is not known: the rules that depend on it do not act.
 */
export interface RoutingFacts {
  /** The exact number of tokens of the request; asked only for one that may have more than a `longContext` route's threshold. */
  countTokens?(): number
  /** The same for every request of one conversation; asked only where targets are chosen by conversation. */
  conversation?(): string
  /** Whether the caller may use this group by writing `group@model`; absent: any. */
  mayUse?(group: string): boolean
  /** The path asked for compat mode: by prompt, any model calls tools. */
  readonly compat?: boolean
}

/** Why a request goes where it goes; in the order in which the rules are tried. */
export type RoutingRule =
  | 'provider-model'
  | 'route'
  | 'alias'
  | 'pattern'
  | 'longContext'
  | 'background'
  | 'think'
  | 'default'
  | 'listed'

/** Where a request goes. */
export interface Resolution {
  /** The group whose rules and policy hold: that of the path, or of `group@model`. */
  readonly group: Group
  /** What was asked for, without the group that was named in front of it. */
  readonly model: string
  readonly rule: RoutingRule
  /** For people: `alias fast`, `openai/gpt-4o`. */
  readonly title: string
  /** In the order in which they are to be tried; never empty. */
  readonly targets: readonly Target[]
}

/** Where a request would go, and why not elsewhere; for people. */
export interface RouteExplanation extends Omit<Resolution, 'targets'> {
  /** As they would be tried just now, but for chance and turns; empty: `refusal` says why. */
  readonly targets: readonly Target[]
  /** Targets of the same route that would not be tried. */
  readonly leftOut: readonly { readonly provider: string; readonly model: string; readonly reason: string }[]
  /** What the request would be answered. */
  readonly refusal?: ApiError
}

/** A provider, and whether it can be called. */
export interface ProviderState {
  readonly name: string
  /** Why not, as the end of a sentence that begins with its name; absent: it can. */
  readonly problem?: string
}

export interface Snapshot {
  /** In alphabetical order; the demo is among them only where nothing else can be called. */
  readonly providers: readonly ProviderState[]
  /** In alphabetical order, disabled ones too. */
  readonly groupNames: readonly string[]
  /** The group that `/switch` stands for. */
  readonly activeGroup: string
  /**
   * Whoever has more bytes of text than this may be asked to count its tokens: the lowest threshold of all `longContext`
   * routes. Infinite where there is none.
   */
  readonly countsTokensAbove: number
  /** Disabled groups are found too; `resolveTargets` and `listModels` refuse them. */
  findGroup(name: string): Group | undefined
  /**
   * The targets that may serve a request.
   *
   * @param model as the client asked for it.
   * @throws ApiFailure `not-found` for an unknown or disabled group, `model-not-found` for a model that nothing in the group
   *   answers to (the message names the nearest ones), `forbidden` for one that the group does not allow, `bad-request` when
   *   no target can take what the request needs, and `unavailable` when all that could serve it is disabled, without a key
   *   or left alone after failures (then with `retryAfterMs`).
   */
  resolveTargets(group: string, model: string, glance: Glance, facts?: RoutingFacts): Resolution
  /**
   * The same for somebody who only asks: nothing is counted, and no turn is taken.
   *
   * @throws ApiFailure when no rule applies: as `resolveTargets`.
   */
  explainTargets(group: string, model: string, glance: Glance, facts?: RoutingFacts): RouteExplanation
  /**
   * The models of a group, each under a name that requests may use; aliases first, then in an open group `provider/model`.
   *
   * @throws ApiFailure `not-found` for an unknown or disabled group.
   */
  listModels(group: string): readonly ModelEntry[]
}
