/** Tells calls that do not fit after all: the model could not be asked again. */
import type { CalledTools } from '../../../protocols/ir/called-tools.ts'
import type { StreamEvent } from '../../../protocols/ir/event.ts'
import type { Loss } from '../../../protocols/ir/loss.ts'
import { createCallRestorer } from '../../../protocols/ir/restore-calls.ts'
import type { InvalidCall } from '../../compat/listener.ts'
import { sayProblem } from '../../compat/say-problem.ts'
import { mendMarkers } from '../../compat/teach/guard-text.ts'

/** @param id seed of their ids. @returns what is wrong with them. */
export function tellInvalid(
  calls: readonly InvalidCall[],
  { id, called, push }: { readonly id: string; readonly called: CalledTools; push(event: StreamEvent): boolean },
): readonly Loss[] {
  const take = createCallRestorer(called, push)
  return calls.map(({ choice, name, arguments: args, problem }, part) => {
    take({ type: 'part-start', part, choice, head: { type: 'tool-call', id: `call_${id}_${part}`, name } })
    take({ type: 'part-delta', part, choice, delta: { arguments: mendMarkers(args) } })
    take({ type: 'part-end', part, choice })
    return { path: `choices.${choice}.parts`, reason: sayProblem(name, problem), effect: 'changed' }
  })
}
