/** What the admin API shows of one thing, and by which tag a caller says later that it has seen just this. */
import { createHash } from 'node:crypto'
import type { Response } from 'express'

export interface Resource {
  readonly body: object
  /** Another one after every change of what is stored; absent: there is nothing to change. */
  readonly tag?: string
}

/** Not by `response.json`, which would answer 304 for a tag that says nothing of what is counted and not stored (health). */
export function showResource(response: Response, { body, tag }: Resource, status = 200): void {
  if (tag !== undefined) response.setHeader('etag', tag)
  response.status(status).type('json').end(JSON.stringify(body))
}

/** The tag of something that the store counts the changes of. */
export function tagOfRevision({ revision }: { readonly revision: number }): string {
  return `"r${revision}"`
}

/** The tag of something without revisions. @param value all that is stored of it. */
export function tagOfValue(value: unknown): string {
  return `"v${createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, 22)}"`
}
