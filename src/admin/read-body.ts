/** Reads the body of a call of the admin API. */
import express, { type Request } from 'express'
import { parseJson } from '../../protocols/json/parse.ts'
import { findUnknownKeys } from '../config/find-unknown-keys.ts'
import { compileSchema } from '../config/validator.ts'
import { AdminFailure } from './admin-failure.ts'

/** Takes the bytes whatever they are called: curl says that its JSON is a form (X24). */
export const takeBytes = express.raw({ type: () => true, limit: '1mb' })

/**
 * @param shownOnly members that answers have and requests need not: what was shown may be written back.
 * @returns a function that reads a body of this shape and refuses others with all that is wrong with them.
 */
export function bodyReader<Body>(schema: object, shownOnly: readonly string[] = []): (value: unknown) => Body {
  const findProblems = compileSchema(schema)
  return (given) => {
    const value = leaveOut(given, shownOnly)
    const problems = findProblems(value)
    // A mistyped field would be taken and do nothing: here there is nobody to read a warning.
    const found = problems.length > 0 ? problems : findUnknownKeys(schema, value)
    const issues = found.map(({ path, problem }) => ({ field: path.join('.'), issue: problem }))
    const [first] = issues
    // The schema has just said that it is of this shape.
    if (first === undefined) return value as Body
    const sentences = issues.map(({ field, issue }) => `${field === '' ? 'the body' : field} ${issue}`)
    throw new AdminFailure(400, `${sentences.join('; ')}.`, first)
  }
}

function leaveOut(value: unknown, names: readonly string[]): unknown {
  if (!isMembers(value) || names.length === 0) return value
  return Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name)))
}

/** @throws AdminFailure 400 for what is no JSON. */
export function parseBody(request: Request): unknown {
  const bytes = takenBytes(request)
  try {
    return parseJson(bytes)
  } catch (error) {
    throw new AdminFailure(400, `The body is no JSON: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** The same, where a body that says nothing may be left out. */
export function parseOptionalBody(request: Request): unknown {
  const bytes: unknown = request.body
  return Buffer.isBuffer(bytes) && bytes.length > 0 ? parseBody(request) : {}
}

/** The body as text. @throws AdminFailure 400 for an empty one. */
export function takenText(request: Request): string {
  return takenBytes(request).toString('utf8')
}

function takenBytes(request: Request): Buffer {
  const bytes: unknown = request.body
  if (Buffer.isBuffer(bytes) && bytes.length > 0) return bytes
  throw new AdminFailure(400, 'The body is empty: expected JSON.')
}

/** Whether it is an object of JSON. */
export function isMembers(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
