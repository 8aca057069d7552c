/**
 * Tool calls and their results, made to fit: the API wants each call answered in the very next turn, once, by its id,
 * and no two calls of one id. Nothing is cut out of what the model said, which may be signed (trap 69).
 */
import type { ReportLoss } from '../ir/loss.ts'
import type { Message } from '../ir/message.ts'
import { legalToolId } from './tool-id.ts'
import type { Block } from './wire.ts'

/** A block, and where its part stood. */
export interface PlacedBlock {
  readonly block: Block
  readonly path: string
}

export interface Turn {
  readonly role: 'user' | 'assistant' | 'system'
  blocks: PlacedBlock[]
  /** The messages that it was made of. */
  readonly messages: { readonly message: Message; readonly path: string }[]
}

/** A call of the turn before. */
interface Call {
  readonly id: unknown
  readonly wireId: string
  readonly path: string
  answered: boolean
}

const INTERRUPTED = 'The call was interrupted; there is no result.'

/** Gives all calls legal ids of their own and exactly one result each; changes the turns in place. */
export function pairCalls(turns: Turn[], report: ReportLoss): void {
  const used = new Set<string>()
  let calls: Call[] = []
  for (let index = 0; index <= turns.length; index++) {
    const turn = turns[index]
    if (turn?.role !== 'user' && calls.length > 0) {
      // Nobody answered: the end of the conversation, or the model went on.
      turns.splice(index, 0, { role: 'user', blocks: interrupt(calls, report), messages: [] })
      calls = []
    } else if (turn?.role === 'user') {
      const blocks = turn.blocks.flatMap((placed) => matchResult(placed, calls, report))
      turn.blocks = [...blocks, ...interrupt(calls, report)]
      calls = []
    } else if (turn !== undefined) {
      calls = nameCalls(turn, used)
    }
  }
}

/** Rewrites the ids of a turn's calls, which have to be unique over the conversation though back ends repeat them (Q23). */
function nameCalls(turn: Turn, used: Set<string>): Call[] {
  const calls: Call[] = []
  turn.blocks = turn.blocks.map((placed) => {
    if (placed.block.type !== 'tool_use') return placed
    const id = placed.block.id
    const wireId = freshId(legalToolId(String(id)), used)
    calls.push({ id, wireId, path: placed.path, answered: false })
    return { ...placed, block: { ...placed.block, id: wireId } }
  })
  return calls
}

function freshId(id: string, used: Set<string>): string {
  let fresh = id
  for (let count = 2; used.has(fresh); count++) fresh = `${id}_${count}`
  used.add(fresh)
  return fresh
}

function matchResult(placed: PlacedBlock, calls: readonly Call[], report: ReportLoss): PlacedBlock[] {
  const { block, path } = placed
  if (block.type !== 'tool_result') return [placed]
  const named = calls.filter((call) => call.id === block.tool_use_id)
  const call = named.find((one) => !one.answered)
  if (call !== undefined) {
    call.answered = true
    return [{ path, block: { ...block, tool_use_id: call.wireId } }]
  }
  if (named.length > 0) {
    report(path, 'this call has a result already; the first one counts')
    return []
  }
  report(path, 'the call of this result is not in the turn before; it is sent as text', 'changed')
  return tellOrphan(block).map((told) => ({ path, block: told }))
}

/** What a result said, as blocks of the user. */
function tellOrphan(block: Block): Block[] {
  const content = block.content
  if (typeof content === 'string') return [{ type: 'text', text: `Result of an earlier tool call: ${content}` }]
  const blocks = Array.isArray(content) ? content : []
  return [{ type: 'text', text: 'Result of an earlier tool call:' }, ...blocks]
}

function interrupt(calls: readonly Call[], report: ReportLoss): PlacedBlock[] {
  return calls
    .filter((call) => !call.answered)
    .map(({ wireId, path }) => {
      report(path, 'no result follows this call; it is told as interrupted', 'changed')
      return { path, block: { type: 'tool_result', tool_use_id: wireId, content: INTERRUPTED, is_error: true } }
    })
}
