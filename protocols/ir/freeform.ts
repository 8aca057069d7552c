/**
 * Tools that take one raw text, over back ends whose tools take JSON only: there such a tool is a function with the one
 * member `input`, and so are its calls (trap 46).
 */
import type { JsonObject } from './extra.ts'
import type { FreeformTool, FunctionTool } from './tool.ts'

/** The one member of the object in which the text travels. */
const MEMBER = 'input'

/** The tool as a function. The grammar of its text is told in words, since no schema can say it (K36). */
export function asFunction(tool: FreeformTool): FunctionTool {
  const { format, description, ...rest } = tool
  const isGrammar = format !== undefined && format['type'] !== 'text'
  const grammar = isGrammar ? `The format of \`${MEMBER}\`: ${JSON.stringify(format)}` : undefined
  const texts = [description, grammar].filter((text) => text !== undefined)
  return {
    ...rest,
    type: 'function',
    ...(texts.length === 0 ? {} : { description: texts.join('\n\n') }),
    parameters: { type: 'object', properties: { [MEMBER]: { type: 'string' } }, required: [MEMBER] },
  }
}

/** The object that the arguments of such a call are. */
export function wrapText(text: string): JsonObject {
  return { [MEMBER]: text }
}

/** What a model put into that object; the text itself where it is not wrapped as expected: nothing that it wrote is lost. */
export function unwrapText(args: string): string {
  try {
    const value: unknown = JSON.parse(args)
    if (typeof value === 'string') return value
    if (typeof value === 'object' && value !== null && MEMBER in value) {
      const input: unknown = value[MEMBER]
      if (typeof input === 'string' && Object.keys(value).length === 1) return input
    }
  } catch {
    // Not JSON: then it is the text.
  }
  return args
}
