/** Which server of a group a resource belongs to; its URI is nobody's to change (M67). */
import { matchesTemplate } from './uri-template.ts'

export interface ResourceLists {
  readonly server: string
  /** URIs. */
  readonly resources: readonly string[]
  readonly templates: readonly string[]
}

/** Finds the server to ask; nothing when none has such a resource. */
export type FindResourceOwner = (uri: string) => string | undefined

/**
 * The server that listed the URI owns it, then the one with a template for it; among several the first.
 *
 * @param lists in the order of the configuration.
 */
export function indexResources(lists: readonly ResourceLists[]): FindResourceOwner {
  const owners = new Map<string, string>()
  for (const { server, resources } of lists) {
    for (const uri of resources) if (!owners.has(uri)) owners.set(uri, server)
  }
  return (uri) =>
    owners.get(uri) ??
    lists.find(({ templates }) => templates.some((template) => matchesTemplate(template, uri)))?.server
}
