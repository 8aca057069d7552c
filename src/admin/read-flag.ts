/** A switch in the query of a call. */
import type { Request } from 'express'
import { AdminFailure } from './admin-failure.ts'

/** @throws AdminFailure 400 for a value that is neither: a dry run that is none by a typing error would do harm. */
export function readFlag(request: Request, name: string): boolean {
  const value = request.query[name]
  if (value === undefined || value === 'false' || value === '0') return false
  if (value === 'true' || value === '1' || value === '') return true
  const issue = 'must be true or false'
  throw new AdminFailure(400, `${name} in the query ${issue}.`, { field: name, issue })
}
