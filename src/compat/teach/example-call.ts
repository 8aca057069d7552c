/** Makes up a call of a tool that is really offered: models call what the example calls. */
import type { FunctionTool } from '../../../protocols/ir/tool.ts'
import type { WrittenCall } from './writer.ts'

/** More parameters than this make no example clearer. */
const SHOWN = 3

/** The required parameters, each with a value that its schema takes; without any, the first one. */
export function exampleCall(tool: FunctionTool, id: string): WrittenCall {
  const properties = isObject(tool.parameters?.['properties']) ? tool.parameters['properties'] : {}
  const required = Array.isArray(tool.parameters?.['required']) ? tool.parameters['required'] : []
  const names = Object.keys(properties)
  const needed = names.filter((name) => required.includes(name))
  const shown = (needed.length === 0 ? names.slice(0, 1) : needed).slice(0, SHOWN)
  return { id, name: tool.name, values: shown.map((name) => [name, JSON.stringify(exampleValue(properties[name]))]) }
}

function exampleValue(schema: unknown): unknown {
  if (!isObject(schema)) return '…'
  if (Array.isArray(schema['enum']) && schema['enum'].length > 0) return schema['enum'][0]
  if ('const' in schema) return schema['const']
  if ('default' in schema) return schema['default']
  const type = Array.isArray(schema['type']) ? schema['type'][0] : schema['type']
  if (type === 'integer' || type === 'number') return typeof schema['minimum'] === 'number' ? schema['minimum'] : 1
  if (type === 'boolean') return true
  if (type === 'array') return [exampleValue(schema['items'])]
  if (type === 'object') return {}
  return '…'
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
