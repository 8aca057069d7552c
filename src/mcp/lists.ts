/** The four lists of the protocol: how they are asked for, and how a change of them is told. */
import type { ListKind } from './upstream/connection.ts'

export const LIST_KINDS: readonly ListKind[] = ['tools', 'prompts', 'resources', 'resourceTemplates']

/** The member of the result bears the kind's own name. */
export const KIND_OF_METHOD: ReadonlyMap<string, ListKind> = new Map([
  ['tools/list', 'tools'],
  ['prompts/list', 'prompts'],
  ['resources/list', 'resources'],
  ['resources/templates/list', 'resourceTemplates'],
])

/** Templates have no notification of their own. */
export const CHANGE_OF_KIND: Readonly<Record<ListKind, string>> = {
  tools: 'notifications/tools/list_changed',
  prompts: 'notifications/prompts/list_changed',
  resources: 'notifications/resources/list_changed',
  resourceTemplates: 'notifications/resources/list_changed',
}

export function kindsOfChange(method: string): readonly ListKind[] {
  return LIST_KINDS.filter((kind) => CHANGE_OF_KIND[kind] === method)
}
