/** Has a model say a call again that it got wrong, once, unseen by the client. */
import type { Message } from '../../../protocols/ir/message.ts'
import type { Part } from '../../../protocols/ir/part.ts'
import { demandsCall } from '../../compat/demands-call.ts'
import type { InvalidCall } from '../../compat/listener.ts'
import { NO_SUCH_TOOL } from '../../compat/say-problem.ts'
import { mendMarkers } from '../../compat/teach/guard-text.ts'
import type { Continuation, Step } from './continuation.ts'

/** For models that call by prompt: what was wrong is told in the way in which a tool would tell it. */
export const ASK_AGAIN: Continuation = {
  hides: () => false,
  async next(step) {
    if (step.number > 1) return undefined
    const [choice] = step.response.choices
    if (choice === undefined || step.response.choices.length > 1) return undefined
    const isCalling = choice.parts.some((part) => part.type === 'tool-call')
    // Calls that fit are the client's to answer first: what was wrong beside them would wait too long.
    if (isCalling) return undefined
    const { request } = step
    if (step.invalidCalls.length > 0) {
      for (const { name, problem } of step.invalidCalls)
        step.report('choices.0', `${AGAIN}: ${name}: ${problem}`, 'changed')
      return { ...request, messages: [...request.messages, ...tellProblems(choice.parts, step.invalidCalls)] }
    }
    if (!demandsCall(request.toolChoice) || choice.finish.reason !== 'stop') return undefined
    step.report('choices.0', `${AGAIN}: it made no call, though the request demands one`, 'changed')
    const reminder: Message = { role: 'user', parts: [{ type: 'text', text: REMINDER }] }
    return { ...request, messages: [...request.messages, { role: 'assistant', parts: choice.parts }, reminder] }
  },
}

const AGAIN = 'the model was asked again'
const REMINDER = 'Your reply held no call. Reply with the call of a tool now, in the form that you were told.'

function tellProblems(said: readonly Part[], invalid: Step['invalidCalls']): readonly Message[] {
  const calls = invalid.map(({ name, arguments: args }, index) => {
    return { type: 'tool-call', id: `call_invalid_${index + 1}`, name, arguments: mendMarkers(args) } as const
  })
  const results = invalid.map(
    (call, index) =>
      ({
        type: 'tool-result',
        callId: `call_invalid_${index + 1}`,
        name: call.name,
        isError: true,
        content: [{ type: 'text', text: explain(call) }],
      }) as const,
  )
  return [
    { role: 'assistant', parts: [...said, ...calls] },
    { role: 'tool', parts: results },
  ]
}

function explain({ problem }: InvalidCall): string {
  if (problem === NO_SUCH_TOOL)
    return 'The call was not made: there is no such tool. Call one of the tools that you have, or answer without a call.'
  return `The call was not made, as its arguments do not fit: ${problem}. Make the call again with right arguments, and say nothing else.`
}
