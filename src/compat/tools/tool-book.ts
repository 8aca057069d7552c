/** The tools that a model may call, found by what it writes. */
import type { JsonObject } from '../../../protocols/ir/extra.ts'
import { asFunction } from '../../../protocols/ir/freeform.ts'
import type { Tool } from '../../../protocols/ir/tool.ts'
import { allowedTypes, isRecord, memberSchema, type PropertySchema, placeSchema } from './property-schema.ts'

/** A tool as far as reading a call of it needs. */
export interface OfferedTool {
  readonly name: string
  readonly namespace?: string
  /** It was not offered. */
  readonly isUnknown?: true
  /** The JSON Schema of its arguments; absent: every argument is as it is written. */
  readonly parameters?: JsonObject
  /** The schema of one argument; nothing when the tool does not say. */
  property(name: string): PropertySchema | undefined
  /** The parameter that a tag is named after: exactly, or but for case if only one is so called. */
  parameterOf(tag: string): string | undefined
}

export interface ToolBook {
  /** No tools were offered: then every name counts as offered. */
  readonly open: boolean
  /** The tool that is meant: exactly, without a namespace, or but for case and punctuation if only one is so called. */
  find(name: string): OfferedTool | undefined
  /** A tool that was offered, or one of this name of which nothing is known. */
  named(name: string): OfferedTool
  /** Whether a tool may be meant whose name begins so. */
  mayBegin(name: string): boolean
}

/** A model may invent any number of names. */
const MAX_KNOWN = 1000
const NAMESPACE = /^(?:functions|default_api|tools)[.:]/

export function createToolBook(tools: readonly Tool[]): ToolBook {
  const exact = new Map<string, OfferedTool>()
  const loose = new Map<string, OfferedTool | undefined>()
  for (const tool of tools) {
    if (tool.type === 'hosted') continue
    const { parameters } = tool.type === 'freeform' ? asFunction(tool) : tool
    const offered = describeTool(tool.name, parameters, tool.namespace)
    exact.set(tool.name, offered)
    const key = loosen(tool.name)
    loose.set(key, loose.has(key) ? undefined : offered)
  }
  const open = exact.size === 0

  function find(name: string): OfferedTool | undefined {
    if (open) return name === '' ? undefined : describeTool(name, undefined)
    const known = exact.get(name)
    if (known !== undefined) return known
    const bare = name.replace(NAMESPACE, '')
    return exact.get(bare) ?? loose.get(loosen(bare))
  }

  return {
    open,
    find,
    named: (name) => find(name) ?? { ...describeTool(name, undefined), isUnknown: true },
    mayBegin(name) {
      if (open) return true
      const key = loosen(name.replace(NAMESPACE, ''))
      return loose.keys().some((known) => known.startsWith(key)) || 'functions.default_api.tools.'.includes(name)
    },
  }
}

function describeTool(name: string, parameters: JsonObject | undefined, namespace?: string): OfferedTool {
  if (parameters === undefined) return { name, property: () => undefined, parameterOf: () => undefined }
  const placed = placeSchema(parameters, parameters)
  const known = new Map<string, PropertySchema | undefined>()
  const tags = new Map<string, string | undefined>()
  for (const written of Object.keys(isRecord(parameters['properties']) ? parameters['properties'] : {})) {
    const key = written.toLowerCase()
    tags.set(key, tags.has(key) ? undefined : written)
  }
  function property(name: string): PropertySchema | undefined {
    if (known.has(name)) return known.get(name)
    const found = placed === undefined ? undefined : memberSchema(placed, name)
    const described = found === undefined ? undefined : { ...found, types: allowedTypes(found) }
    if (known.size < MAX_KNOWN) known.set(name, described)
    return described
  }
  return {
    name,
    ...(namespace === undefined ? {} : { namespace }),
    parameters,
    property,
    parameterOf: (tag) => (property(tag) === undefined ? tags.get(tag.toLowerCase()) : tag),
  }
}

function loosen(name: string): string {
  return name.toLowerCase().replace(/[_.-]/g, '')
}
