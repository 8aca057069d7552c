/** Tells calls as events of the interlingua: with ids, within what the client allowed, and checked. */
import type { EarContext } from './ear-context.ts'
import type { CallHead, CallSink } from './reading/desk.ts'
import { NO_SUCH_TOOL, sayProblem } from './say-problem.ts'

/** The call that is being told, or not told. */
interface OpenCall {
  readonly head: CallHead
  /** Nothing while it is held back, or when it is dropped. */
  readonly part: number | undefined
  readonly dropped: boolean
  readonly pieces: string[]
}

/** @param startPart closes what is open, and gives the number of a new part. */
export function createCallTeller(context: EarContext, startPart: () => number): CallSink {
  const { choice, options, report, emit, usedIds, invalidCalls } = context
  const holds = options.invalid === 'hold' && options.check !== undefined
  let open: OpenCall | undefined
  let told = 0
  /** Calls that do not fit, as long as there is none that does. */
  const held: { readonly call: OpenCall; readonly problem: string }[] = []

  function tellStart({ tool, id }: CallHead): number {
    const part = startPart()
    const isFresh = id !== undefined && !usedIds.has(id)
    if (isFresh) usedIds.add(id)
    const namespace = tool.namespace === undefined ? {} : { namespace: tool.namespace }
    emit({
      type: 'part-start',
      part,
      choice,
      head: { type: 'tool-call', id: isFresh ? id : '', name: tool.name, ...namespace },
    })
    return part
  }

  function tellArguments(part: number, piece: string): void {
    emit({ type: 'part-delta', part, choice, delta: { arguments: piece } })
  }

  function whyDropped({ tool }: CallHead): string | undefined {
    if (options.toolChoice?.type === 'none') return 'a tool call, though the request allows none'
    if (context.forbids(tool.name)) return 'a call of a tool that the request does not allow'
    return options.parallel === false && told > 0
      ? 'a second tool call, though the request allows one at a time'
      : undefined
  }

  function findProblem({ head, pieces }: OpenCall): string | undefined {
    const { parameters, isUnknown } = head.tool
    if (isUnknown === true) return NO_SUCH_TOOL
    if (parameters === undefined || options.check === undefined) return undefined
    return options.check(parameters, parse(pieces.join('')))
  }

  function tellRest(call: OpenCall): number {
    const part = call.part ?? tellStart(call.head)
    if (call.part === undefined) tellArguments(part, call.pieces.join(''))
    return part
  }

  function tellWhole(call: OpenCall, problem: string | undefined): void {
    const part = tellRest(call)
    if (problem !== undefined) {
      const path = `choices.${choice}.parts.${part}`
      report(path, sayProblem(call.head.tool.name, problem), 'changed')
    }
    emit({ type: 'part-end', part, choice })
  }

  function hold(call: OpenCall, problem: string): void {
    told--
    held.push({ call, problem })
    invalidCalls.push({ choice, name: call.head.tool.name, arguments: call.pieces.join(''), problem })
  }

  /** The model is not asked again where a call fits: what it got wrong before is told with it. */
  function letGo(): void {
    invalidCalls.length = 0
    for (const { call, problem } of held.splice(0)) {
      if (options.parallel === false) report(`choices.${choice}.parts`, `a second tool call: ${call.head.tool.name}`)
      else {
        told++
        tellWhole(call, problem)
      }
    }
  }

  return {
    start(head) {
      const reason = whyDropped(head)
      if (reason !== undefined) report(`choices.${choice}.parts`, `${reason}: ${head.tool.name}`)
      const dropped = reason !== undefined
      if (!dropped) told++
      open = { head, dropped, part: dropped || holds ? undefined : tellStart(head), pieces: [] }
    },
    arguments(piece) {
      if (open === undefined || open.dropped) return
      if (options.check !== undefined) open.pieces.push(piece)
      if (open.part !== undefined) tellArguments(open.part, piece)
    },
    end(whole) {
      const call = open
      open = undefined
      if (call === undefined || call.dropped) return
      if (!whole) {
        letGo()
        // Cut by the length limit: the grammar ends it as such, as it ends those of any other back end.
        tellRest(call)
        return
      }
      const problem = findProblem(call)
      if (problem !== undefined && holds && told === 1) {
        hold(call, problem)
        return
      }
      letGo()
      tellWhole(call, problem)
    },
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
