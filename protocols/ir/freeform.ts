/**
 * Tools that take one raw text, over back ends whose tools take JSON only: their encoders write such a tool as a function
 * with the one member `input`, and what the model then calls is unwrapped here.
 */
import type { StreamEvent } from './event.ts'
import type { Part } from './part.ts'
import type { Tool } from './tool.ts'

/** The one member of the object in which the text travels. */
export const FREEFORM_MEMBER = 'input'

/** Names of the tools of a request that take raw text. */
export function listFreeform(tools: readonly Tool[] | undefined): ReadonlySet<string> {
  return new Set((tools ?? []).flatMap((tool) => (tool.type === 'freeform' ? [tool.name] : [])))
}

/** The parts of an answer, with calls of these tools as their clients know them. */
export function unwrapParts(parts: readonly Part[], freeform: ReadonlySet<string>): readonly Part[] {
  return parts.map((part) =>
    part.type === 'tool-call' && part.freeform !== true && freeform.has(part.name)
      ? { ...part, freeform: true, arguments: unwrapText(part.arguments) }
      : part,
  )
}

/**
 * Stands between the grammar and an encoder: holds back the arguments of such a call until its end, since a raw text cannot
 * be told before the JSON around it is complete.
 *
 * @param emit what it returns is returned.
 */
export function createUnwrapper<Result>(
  freeform: ReadonlySet<string>,
  emit: (event: StreamEvent) => Result,
): (event: StreamEvent) => Result {
  const held = new Map<number, string[]>()
  return (event) => {
    if (event.type === 'part-start' && event.head.type === 'tool-call') {
      if (event.head.freeform === true || !freeform.has(event.head.name)) return emit(event)
      held.set(event.choice, [])
      return emit({ ...event, head: { ...event.head, freeform: true } })
    }
    if (event.type === 'part-delta' && event.delta.arguments !== undefined) {
      const pieces = held.get(event.choice)
      if (pieces === undefined) return emit(event)
      pieces.push(event.delta.arguments)
      const { arguments: _arguments, ...delta } = event.delta
      return emit({ ...event, delta })
    }
    if (event.type === 'part-end') {
      const pieces = held.get(event.choice)
      if (pieces === undefined) return emit(event)
      held.delete(event.choice)
      const { part, choice } = event
      emit({ type: 'part-delta', part, choice, delta: { arguments: unwrapText(pieces.join('')) } })
    }
    return emit(event)
  }
}

/** The text itself where it is not wrapped as expected: nothing of what the model wrote is lost. */
function unwrapText(args: string): string {
  try {
    const value: unknown = JSON.parse(args)
    if (typeof value === 'string') return value
    if (typeof value === 'object' && value !== null && FREEFORM_MEMBER in value) {
      const input: unknown = value[FREEFORM_MEMBER]
      if (typeof input === 'string' && Object.keys(value).length === 1) return input
    }
  } catch {
    // Not JSON: then it is the text.
  }
  return args
}
