/** Calls of an answer, told as the client knows the tools: their names, their groups, raw text instead of the object around it. */
import type { CalledTools, KnownTool } from './called-tools.ts'
import type { StreamEvent } from './event.ts'
import { unwrapText } from './freeform.ts'
import type { Part } from './part.ts'

/** The parts of a whole answer. */
export function restoreCalls(parts: readonly Part[], tools: CalledTools): readonly Part[] {
  return parts.map((part) => {
    const known = part.type === 'tool-call' ? findTool(part, tools) : undefined
    if (part.type !== 'tool-call' || known === undefined) return part
    const isWrapped = known.freeform === true && part.freeform !== true
    return { ...part, ...known, ...(isWrapped ? { arguments: unwrapText(part.arguments) } : {}) }
  })
}

/**
 * Stands between the grammar and an encoder: holds back the arguments of a call of raw text until its end, since the text
 * cannot be told before the JSON around it is complete.
 *
 * @param emit what it returns is returned.
 */
export function createCallRestorer<Result>(
  tools: CalledTools,
  emit: (event: StreamEvent) => Result,
): (event: StreamEvent) => Result {
  const held = new Map<number, string[]>()
  return (event) => {
    if (event.type === 'part-start' && event.head.type === 'tool-call') {
      const known = findTool(event.head, tools)
      if (known === undefined) return emit(event)
      if (known.freeform === true && event.head.freeform !== true) held.set(event.choice, [])
      return emit({ ...event, head: { ...event.head, ...known } })
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

/** A back end that knows groups may have a tool of the same name in another. */
function findTool(
  { name, namespace }: { readonly name: string; readonly namespace?: string },
  tools: CalledTools,
): KnownTool | undefined {
  const known = tools.get(name)
  return namespace === undefined || namespace === known?.namespace ? known : undefined
}
