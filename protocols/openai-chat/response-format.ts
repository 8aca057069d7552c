/** What form the answer must have: `response_format`. */

import { defined } from '../ir/defined.ts'
import { expectBoolean, expectObject, expectString, optional } from '../ir/expect.ts'
import type { JsonObject } from '../ir/extra.ts'
import type { ModelFacts } from '../ir/facts.ts'
import type { ResponseFormat } from '../ir/request.ts'
import { isStrictSchema } from '../json/strict-schema.ts'
import { isOwn, isSpelled, type Kept, type Rest } from './rest.ts'
import type { ChatCompletionRequest } from './wire.ts'

const MEMBER = 'response_format'
const MEMBERS = new Set(['type', 'json_schema'])
const SCHEMA_MEMBERS = new Set(['name', 'description', 'schema', 'strict'])
const NO_SCHEMA = 'no-schema'

/** Nothing for a type that nobody knows (a grammar, say): it is kept as it is. */
export function decodeResponseFormat(fields: JsonObject, rest: Rest): ResponseFormat | undefined {
  const format = optional(fields[MEMBER], MEMBER, expectObject)
  if (format === undefined) return undefined
  const type = expectString(format.type, `${MEMBER}.type`)
  if (type === 'text' || type === 'json_object') {
    rest.take(format, MEMBERS, `${MEMBER}.`)
    return { type: type === 'text' ? 'text' : 'json' }
  }
  if (type !== 'json_schema') {
    rest.keep(MEMBER, format)
    return undefined
  }
  const at = `${MEMBER}.json_schema`
  const outline = expectObject(format.json_schema, at)
  rest.take(format, MEMBERS, `${MEMBER}.`)
  rest.take(outline, SCHEMA_MEMBERS, `${at}.`)
  const schema = optional(outline.schema, `${at}.schema`, expectObject)
  if (schema === undefined) rest.spell(NO_SCHEMA)
  return defined<ResponseFormat & { type: 'json-schema' }>({
    type: 'json-schema',
    schema: schema ?? {},
    name: optional(outline.name, `${at}.name`, expectString),
    description: optional(outline.description, `${at}.description`, expectString),
    strict: optional(outline.strict, `${at}.strict`, expectBoolean),
  })
}

/** @returns what had to be said differently, in words. */
export function writeResponseFormat(
  format: ResponseFormat,
  wire: ChatCompletionRequest,
  request: Kept,
  facts: ModelFacts,
): string | undefined {
  if (format.type !== 'json-schema') {
    wire.response_format = { type: format.type === 'text' ? 'text' : 'json_object' }
    return undefined
  }
  if (facts.capabilities?.jsonSchema === false) {
    wire.response_format = { type: 'json_object' }
    return 'this model keeps to no schema: asked for some JSON object'
  }
  const { name, description, schema, strict } = format
  const keepsStrict = strict !== true || isOwn(request) || isStrictSchema(schema)
  wire.response_format = {
    type: 'json_schema',
    json_schema: defined({
      // The API demands a name; other protocols have none.
      name: name ?? (isOwn(request) ? undefined : 'response'),
      description,
      schema: isSpelled(request, NO_SCHEMA) ? undefined : schema,
      strict: keepsStrict ? strict : undefined,
    }),
  }
  return keepsStrict ? undefined : 'not strict: such a schema must close every object and require every property'
}
