/** A change over HTTP: whole or not at all, only of what the caller has seen where it says what that is, and only tried where it asks for that. */
import type { Request, Response } from 'express'
import type { Registry } from '../registry/registry.ts'
import type { Store } from '../store/open-store.ts'
import { AdminFailure } from './admin-failure.ts'
import { readFlag } from './read-flag.ts'
import { type Resource, showResource } from './resource.ts'

export interface Change {
  /** The tag of what is to be changed; nothing where there is none yet. */
  tag(): string | undefined
  /** @returns whether something is new. */
  make(): boolean
  /** What is there afterwards. @param rehearsed it will be gone again. */
  show(rehearsed: boolean): Resource
}

/** Makes the change and answers; what it throws undoes all of it. */
export type MakeChange = (request: Request, response: Response, change: Change) => void

export function createMakeChange(store: Store, registry: Registry): MakeChange {
  return (request, response, change) => {
    const make = (): number => {
      judgeConditions(request, change.tag())
      return change.make() ? 201 : 200
    }
    if (readFlag(request, 'dry_run')) {
      const { status, result } = registry.rehearse(() => ({ status: make(), result: change.show(true).body }))
      showResource(response, { body: { dry_run: true, status, result } })
      return
    }
    const status = store.transaction(make)
    showResource(
      response,
      store.read(() => change.show(false)),
      status,
    )
  }
}

/**
 * @param tag nothing: there is none yet.
 * @throws AdminFailure 412 when it is not as the caller has seen it.
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-13.1
 */
function judgeConditions(request: Request, tag: string | undefined): void {
  const wanted = readTags(request.get('if-match'))
  if (wanted !== undefined && !isAmong(wanted, tag)) {
    const fact = tag === undefined ? 'It is not there' : `It has been changed meanwhile: its ETag is ${tag}`
    throw new AdminFailure(412, `${fact}. Read it again and decide anew.`, {
      field: 'If-Match',
      issue: 'is out of date',
    })
  }
  const unwanted = readTags(request.get('if-none-match'))
  if (unwanted !== undefined && isAmong(unwanted, tag)) {
    throw new AdminFailure(412, 'It is there already.', { field: 'If-None-Match', issue: 'names what is there' })
  }
}

function readTags(header: string | undefined): readonly string[] | undefined {
  return header?.split(',').map((tag) => tag.trim())
}

function isAmong(tags: readonly string[], tag: string | undefined): boolean {
  return tag !== undefined && (tags.includes('*') || tags.includes(tag))
}
