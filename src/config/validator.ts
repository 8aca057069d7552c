/** The one compiler of JSON Schemas for what people configure, and its findings in words. */
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import { FORMATS } from './formats.ts'

export interface SchemaProblem {
  readonly path: readonly (string | number)[]
  /** The rest of a sentence that begins with the path. Never repeats a value. */
  readonly problem: string
}

/**
 * Compiles a schema once; the result may be called as often as wanted. Only for schemas of our own: compiling makes code.
 *
 * @returns a function that lists everything that is wrong with a value.
 */
export function compileSchema(schema: object): (value: unknown) => readonly SchemaProblem[] {
  // Listing all errors is a lever for denial of service on requests; configurations and the admin API are bounded and trusted.
  const ajv = new Ajv({ strict: true, allErrors: true, allowUnionTypes: true, strictRequired: false })
  for (const [name, { validate }] of Object.entries(FORMATS)) ajv.addFormat(name, validate)
  const check: ValidateFunction = ajv.compile(schema)
  return (value) => (check(value) ? [] : keepFirst((check.errors ?? []).filter(isOwnFinding).map(describe)))
}

/** `if` and `propertyNames` only say that something below them has been found. */
function isOwnFinding(error: ErrorObject): boolean {
  return error.keyword !== 'if' && error.keyword !== 'propertyNames'
}

/** One problem per place: a number where a word of a list should stand is no text, and not in the list either. */
function keepFirst(problems: readonly SchemaProblem[]): readonly SchemaProblem[] {
  const places = new Map<string, SchemaProblem>()
  for (const problem of problems) {
    const place = JSON.stringify(problem.path)
    if (!places.has(place)) places.set(place, problem)
  }
  return [...places.values()]
}

function describe(error: ErrorObject): SchemaProblem {
  const path = error.instancePath
    .split('/')
    .slice(1)
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((segment) => (/^\d+$/.test(segment) ? Number(segment) : segment))
  if (error.keyword === 'required')
    return { path: [...path, String(error.params.missingProperty)], problem: 'is required' }
  return { path, problem: DESCRIPTIONS[error.keyword]?.(error) ?? error.message ?? 'is wrong' }
}

const DESCRIPTIONS: Readonly<Record<string, (error: ErrorObject) => string>> = {
  type: ({ params }) => `must be ${[params.type].flat().map(nameType).join(' or ')}`,
  enum: ({ params }) => `must be one of ${[params.allowedValues].flat().join(', ')}`,
  format: ({ params }) => FORMATS[params.format]?.problem ?? 'is wrong',
  minLength: () => 'must not be empty',
  minItems: () => 'must not be empty',
  exclusiveMinimum: ({ params }) => `must be more than ${params.limit}`,
  minimum: ({ params }) => `must be at least ${params.limit}`,
  maximum: ({ params }) => `must be at most ${params.limit}`,
  additionalProperties: ({ params }) => `must not have ${params.additionalProperty}`,
}

function nameType(type: string): string {
  const names: Readonly<Record<string, string>> = {
    string: 'text',
    object: 'an object',
    array: 'a list',
    boolean: 'true or false',
    integer: 'a whole number',
    number: 'a number',
  }
  return names[type] ?? type
}
