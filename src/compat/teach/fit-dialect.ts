/** A dialect in which the tools of a request can be written. */

import type { Tool } from '../../../protocols/ir/tool.ts'
import type { ToolDialect } from '../../../protocols/ir/tool-dialect.ts'
import { fitToolName, NARROW_NAMES } from '../../../protocols/ir/tool-name.ts'
import type { Writer } from './writer.ts'
import { WRITERS } from './writers/index.ts'

/** JSON takes every name. */
const ANY_NAME: ToolDialect = 'hermes'

/** The dialect itself, unless a tool or a parameter has a name that it cannot write, such as `-i` in Python (lesson 66). */
export function fitDialect(dialect: ToolDialect, tools: readonly Tool[]): ToolDialect {
  const { names }: Writer = WRITERS[dialect]
  if (names === undefined) return dialect
  const fits = tools.every((tool) => {
    if (names.tool?.test(fitToolName(tool.name, NARROW_NAMES, () => false)) === false) return false
    const properties = tool.type === 'function' ? tool.parameters?.['properties'] : undefined
    if (typeof properties !== 'object' || properties === null) return true
    return Object.keys(properties).every((name) => names.parameter.test(name))
  })
  return fits ? dialect : ANY_NAME
}
