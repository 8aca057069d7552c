/** Checks arguments against the schema of their tool, as far as the schema can be trusted and understood. */
import { Ajv, type ValidateFunction } from 'ajv'
import type { JsonObject } from '../../../protocols/ir/extra.ts'

/** @returns the first thing that is wrong, for a model to read: `/limit must be integer`. */
export type CheckArguments = (schema: JsonObject, value: unknown) => string | undefined

/** Compiling makes code, so that a schema must not be arbitrarily long; what is longer is not checked. */
const MAX_SCHEMA_CHARACTERS = 200_000
const MAX_COMPILED = 500

/**
 * The compiled schemas are kept by their text, since each request brings its tools anew. A schema that ajv refuses checks
 * nothing. Patterns and formats are not looked at: a client's regular expression could hold up the whole process.
 */
export function createArgumentChecker(): CheckArguments {
  const compiled = new Map<string, ValidateFunction | undefined>()

  function compile(schema: JsonObject): ValidateFunction | undefined {
    const text = JSON.stringify(schema)
    if (text.length > MAX_SCHEMA_CHARACTERS) return undefined
    if (compiled.has(text)) return compiled.get(text)
    const validate = tryCompile(schema)
    const [oldest] = compiled.keys()
    if (compiled.size >= MAX_COMPILED && oldest !== undefined) compiled.delete(oldest)
    compiled.set(text, validate)
    return validate
  }

  return (schema, value) => {
    const validate = compile(schema)
    if (validate === undefined || validate(value) === true) return undefined
    const error = validate.errors?.[0]
    return error === undefined ? undefined : `${error.instancePath} ${error.message ?? 'is wrong'}`.trim()
  }
}

function tryCompile(schema: JsonObject): ValidateFunction | undefined {
  try {
    // An instance of its own: ajv keeps every schema it has seen, and two of one `$id` would collide.
    const ajv = new Ajv({
      strict: false,
      validateSchema: false,
      validateFormats: false,
      addUsedSchema: false,
      logger: false,
      code: { regExp: anything },
    })
    const { $schema: _dialect, $id: _id, ...rest } = schema
    return ajv.compile(rest)
  } catch {
    return undefined
  }
}

function anything(): { test(text: string): boolean } {
  return { test: () => true }
}
anything.code = '() => ({ test: () => true })'
