/**
 * Tool calls and their results, made to fit: the API counts as many results as calls, in the turn right after them, and
 * nothing else in it (traps 68, 70, 80, 81). Nothing is cut out of what the model said, which may be signed (trap 69).
 */
import type { ReportLoss } from '../ir/loss.ts'
import type { Part, ToolCallPart, ToolResultPart } from '../ir/part.ts'

/** A part, and where it stood. */
export interface PlacedPart {
  readonly part: Part
  readonly path: string
}

export interface Turn {
  readonly role: 'user' | 'model'
  readonly parts: PlacedPart[]
}

type Placed<Kind extends Part> = { readonly part: Kind; readonly path: string }

const INTERRUPTED = 'The call was interrupted; there is no result.'

/** @param turns speakers by turns. @returns new turns, in which the results stand alone. */
export function pairCalls(turns: readonly Turn[], report: ReportLoss): readonly Turn[] {
  const paired: Turn[] = []
  let calls: readonly Placed<ToolCallPart>[] = []
  for (const turn of turns) {
    if (turn.role === 'model') {
      paired.push(turn)
      calls = turn.parts.filter(isCall)
      continue
    }
    const results = turn.parts.filter(isResult)
    const answers = answerCalls(calls, results, report)
    if (answers.length > 0) paired.push({ role: 'user', parts: answers })
    const rest = turn.parts.flatMap((placed) =>
      isResult(placed) ? tellOrphan(placed, calls, results, report) : [placed],
    )
    if (rest.length > 0) paired.push({ role: 'user', parts: rest })
    calls = []
  }
  // Nobody answered: the conversation ends with the calls.
  if (calls.length > 0) paired.push({ role: 'user', parts: answerCalls(calls, [], report) })
  return paired
}

function isCall(placed: PlacedPart): placed is Placed<ToolCallPart> {
  return placed.part.type === 'tool-call'
}

function isResult(placed: PlacedPart): placed is Placed<ToolResultPart> {
  return placed.part.type === 'tool-result'
}

/** One result for each call, in the order of the calls. */
function answerCalls(
  calls: readonly Placed<ToolCallPart>[],
  results: readonly Placed<ToolResultPart>[],
  report: ReportLoss,
): PlacedPart[] {
  const left = [...results]
  return calls.map(({ part: call, path }) => {
    const at = left.findIndex(({ part }) => part.callId === call.id)
    const [found] = at < 0 ? [] : left.splice(at, 1)
    if (found !== undefined) return { ...found, part: { ...found.part, name: call.name } }
    report(path, 'no result follows this call; it is told as interrupted', 'changed')
    const content = [{ type: 'text', text: INTERRUPTED } as const]
    return { path, part: { type: 'tool-result', callId: call.id, name: call.name, content, isError: true } }
  })
}

/** What a result said that has no call, as words of the user. */
function tellOrphan(
  placed: Placed<ToolResultPart>,
  calls: readonly Placed<ToolCallPart>[],
  results: readonly Placed<ToolResultPart>[],
  report: ReportLoss,
): PlacedPart[] {
  const { part, path } = placed
  const count = calls.filter((call) => call.part.id === part.callId).length
  const before = results.slice(0, results.indexOf(placed)).filter((one) => one.part.callId === part.callId).length
  if (count > 0) {
    if (before >= count) report(path, 'this call has a result already; the first one counts')
    return []
  }
  report(path, 'the call of this result is not in the turn before; it is sent as text', 'changed')
  const content = part.content.map((item, index): PlacedPart => ({ part: item, path: `${path}.content.${index}` }))
  return [{ path, part: { type: 'text', text: 'Result of an earlier tool call:' } }, ...content]
}
