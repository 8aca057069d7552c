/** Runs the tools that the gateway offers, and has the model go on with what they answer. */
import type { Message } from '../../../protocols/ir/message.ts'
import type { Part, ToolCallPart, ToolResultPart } from '../../../protocols/ir/part.ts'
import type { ChatRequest } from '../../../protocols/ir/request.ts'
import type { ServerToolLimits } from '../../config/group-policy.ts'
import type { Continuation, Step } from './continuation.ts'
import { withDeadline } from './deadline.ts'
import type { ServerTools } from './server-tools.ts'

export interface ToolRun {
  readonly tools: ServerTools
  /** Names of those that are offered in this request. */
  readonly offered: ReadonlySet<string>
  readonly group: string
  /** Who calls: sessions with the servers are never shared between callers. */
  readonly owner: string
  readonly limits: ServerToolLimits
  /** Milliseconds of a monotonic clock. */
  readonly now: () => number
  /** Told before the first tool runs: from then on nothing may be repeated elsewhere. */
  readonly onRun: () => void
  /** Told what was run beside calls that are the client's to answer. */
  readonly onMixed: (calls: readonly Part[], ran: readonly ToolCallPart[], results: readonly ToolResultPart[]) => void
}

/** Told to the model when it may call no more. */
const OVER = 'No more tools can be called for this request: answer with what you know now.'

export function runTools(run: ToolRun): Continuation {
  const { tools, offered, limits, now } = run
  const endsAt = now() + limits.timeoutMs
  let spent = 0
  let isOver = false

  async function callOne(call: ToolCallPart, signal: AbortSignal): Promise<ToolResultPart> {
    const args = readArguments(call.arguments)
    const base = { type: 'tool-result', callId: call.id, name: call.name } as const
    if (isOver) return { ...base, ...saying(OVER), isError: true }
    if (args === undefined) return { ...base, ...saying('The arguments are no JSON object.'), isError: true }
    const asked = { group: run.group, owner: run.owner, name: call.name, arguments: args }
    const leftMs = Math.max(1, endsAt - now())
    const answer = await withDeadline(signal, leftMs, (inner) => tools.call(asked, inner))
    if (answer === 'late') return { ...base, ...saying('The tool did not answer in time.'), isError: true }
    const content = answer.content.length === 0 ? saying('(no output)').content : answer.content
    return { ...base, content, ...(answer.isError ? { isError: true } : {}) }
  }

  return {
    hides: (name) => offered.has(name),
    async next(step, signal) {
      const [choice] = step.response.choices
      const calls = (choice?.parts ?? []).filter((part) => part.type === 'tool-call')
      const ours = calls.filter((call) => offered.has(call.name))
      if (choice === undefined || ours.length === 0 || isOver) return undefined
      spent += countTokens(step)
      isOver =
        step.number >= limits.maxSteps || now() >= endsAt || spent >= (limits.maxTokens ?? Number.POSITIVE_INFINITY)
      run.onRun()
      const results = await Promise.all(ours.map((call) => callOne(call, signal)))
      if (ours.length < calls.length) {
        run.onMixed(choice.parts, ours, results)
        return undefined
      }
      return goOn(step.request, choice.parts, results, isOver)
    },
  }
}

function goOn(
  request: ChatRequest,
  said: readonly Part[],
  results: readonly ToolResultPart[],
  isOver: boolean,
): ChatRequest {
  const messages: readonly Message[] = [
    ...request.messages,
    { role: 'assistant', parts: said },
    { role: 'tool', parts: results },
  ]
  // A call that was demanded has been made; demanded again, there would be no end.
  const { toolChoice: _, ...rest } = request
  return { ...rest, messages, ...(isOver ? { toolChoice: { type: 'none' } as const } : {}) }
}

function saying(text: string): Pick<ToolResultPart, 'content'> {
  return { content: [{ type: 'text', text }] }
}

function readArguments(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text.trim() === '' ? '{}' : text)
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    // Just seen to be an object.
    return isObject ? (value as Readonly<Record<string, unknown>>) : undefined
  } catch {
    return undefined
  }
}

function countTokens({ response: { usage } }: Step): number {
  return (usage?.inputTokens ?? 0) + (usage?.outputTokens ?? 0)
}
