/** What a request reads of the registry: one immutable state of it, the same from the request's beginning to its end. */
import type { Glance, ModelEntry } from '../../protocols/codec.ts'
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
}

export interface Snapshot {
  /** In alphabetical order, disabled ones too. */
  readonly groupNames: readonly string[]
  /** The group that `/switch` stands for. */
  readonly activeGroup: string
  /** Disabled groups are found too; `resolveTargets` and `listModels` refuse them. */
  findGroup(name: string): Group | undefined
  /**
   * The targets that may serve a request, in the order in which they are to be tried; never empty.
   *
   * @param model as the client asked for it.
   * @throws ApiFailure `not-found` for an unknown or disabled group, `model-not-found` for a model that nothing in the group
   *   answers to (the message names the nearest ones), `bad-request` when no target can take what the request needs, and
   *   `unavailable` when all that could serve it is disabled or without a key.
   */
  resolveTargets(group: string, model: string, glance: Glance): readonly Target[]
  /**
   * The models of a group, each under a name that requests may use; aliases first, then in an open group `provider/model`.
   *
   * @throws ApiFailure `not-found` for an unknown or disabled group.
   */
  listModels(group: string): readonly ModelEntry[]
}
