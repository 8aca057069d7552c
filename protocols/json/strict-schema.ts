/** Keywords under which schemas stand: one, a list of them, or one per name. */
const ONE = ['items', 'additionalProperties', 'not', 'if', 'then', 'else'] as const
const LIST = ['anyOf', 'oneOf', 'allOf', 'prefixItems'] as const
const NAMED = ['properties', '$defs', 'definitions'] as const

/**
 * Whether a schema keeps the rules of strict mode: every object in it is closed (`additionalProperties: false`) and
 * requires all its properties.
 *
 * @see https://platform.openai.com/docs/guides/structured-outputs#supported-schemas
 */
export function isStrictSchema(schema: unknown): boolean {
  if (!isObject(schema)) return true
  const properties = isObject(schema.properties) ? Object.keys(schema.properties) : []
  const isOfObject = schema.type === 'object' || (Array.isArray(schema.type) && schema.type.includes('object'))
  if (isOfObject || properties.length > 0) {
    const required: readonly unknown[] = Array.isArray(schema.required) ? schema.required : []
    if (schema.additionalProperties !== false) return false
    if (!properties.every((name) => required.includes(name))) return false
  }
  return (
    ONE.every((keyword) => isStrictSchema(schema[keyword])) &&
    LIST.every((keyword) => listOf(schema[keyword]).every(isStrictSchema)) &&
    NAMED.every((keyword) => Object.values(objectOf(schema[keyword])).every(isStrictSchema))
  )
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return isObject(value) ? value : {}
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
