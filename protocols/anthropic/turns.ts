/**
 * The messages of a conversation as the turns that the Messages API takes: system text apart, tool results inside user
 * turns, no two turns of one speaker in a row.
 *
 * What a client of this protocol wrote itself is never merged, reordered or repaired: the API is to judge it as it would
 * have without us, and signed thinking may not be moved.
 */
import type { ReportLoss } from '../ir/loss.ts'
import type { Message } from '../ir/message.ts'
import { type HistoryContext, writeHistoryPart } from './history.ts'
import { giveBack, isOwn, isSpelled } from './keep.ts'
import { type PlacedBlock, pairCalls, type Turn } from './pairing.ts'
import type { Block, MessagesRequest, WireMessage } from './wire.ts'

export type TurnsContext = Omit<HistoryContext, 'own'>

/** What the API needs where a conversation has no user turn to begin with (trap 78). */
const OPENING = 'Begin.'

/** Writes `system` and `messages`. */
export function writeTurns(messages: readonly Message[], body: MessagesRequest, context: TurnsContext): void {
  const leading = countLeadingSystem(messages)
  const system = writeSystem(messages.slice(0, leading), context)
  if (system !== undefined) body.system = system

  const turns: Turn[] = []
  for (const [offset, message] of messages.slice(leading).entries()) {
    addTurn(turns, readTurn(message, `messages.${leading + offset}`, context), context.report)
  }
  if (!messages.every(isOwn)) {
    pairCalls(turns, context.report)
    if (turns[0]?.role !== 'user') open(turns, context.report)
  } else if (turns.length === 0) open(turns, context.report)
  body.messages = turns.map((turn) => writeTurn(turn, context.report))
}

function open(turns: Turn[], report: ReportLoss): void {
  report('messages', 'the Messages API begins with a user turn; a short one is added', 'changed')
  turns.unshift({ role: 'user', blocks: [{ block: { type: 'text', text: OPENING }, path: 'messages' }], messages: [] })
}

/** System text that stands before all else; what a client of this protocol wrote among its messages stays there. */
function countLeadingSystem(messages: readonly Message[]): number {
  const first = messages.findIndex((message) => !isSystem(message) || isSpelled(message, 'inline'))
  return first < 0 ? messages.length : first
}

function isSystem(message: Message): boolean {
  return message.role === 'system' || message.role === 'developer'
}

function writeSystem(messages: readonly Message[], context: TurnsContext): string | Block[] | undefined {
  const blocks = messages.flatMap((message, index) => {
    giveBack({}, message, `messages.${index}`, context.report)
    return writeParts(message, `messages.${index}`, context).filter(({ block, path }) => {
      if (block.type === 'text' || isOwn(message)) return true
      context.report(path, 'system text takes nothing but text')
      return false
    })
  })
  const first = messages[0]
  if (first === undefined || (blocks.length === 0 && !isOwn(first))) return undefined
  return joinBlocks(blocks, messages)
}

/** One bare text is written as a string, unless a client of this protocol wrote a list. */
function joinBlocks(blocks: readonly PlacedBlock[], messages: readonly Message[]): string | Block[] {
  const only = blocks.length === 1 ? blocks[0]?.block : undefined
  const isList = messages.length === 1 && messages.some((message) => isSpelled(message, 'list'))
  const isBare = only?.type === 'text' && Object.keys(only).length === 2
  return isBare && !isList ? String(only.text) : blocks.map(({ block }) => block)
}

function writeParts(message: Message, path: string, common: TurnsContext): PlacedBlock[] {
  const context: HistoryContext = { ...common, own: isOwn(message) }
  return message.parts.flatMap((part, index) => {
    const place = `${path}.parts.${index}`
    const block = writeHistoryPart(part, place, context)
    return block === undefined ? [] : [{ block, path: place }]
  })
}

const ROLES = {
  user: 'user',
  tool: 'user',
  assistant: 'assistant',
  system: 'user',
  developer: 'user',
} satisfies Record<Message['role'], Turn['role']>

function readTurn(message: Message, path: string, context: TurnsContext): Turn {
  const isInline = isSystem(message) && isSpelled(message, 'inline')
  if (isSystem(message) && !isInline) {
    context.report(path, 'system text in the middle of a conversation is sent as user text', 'changed')
  }
  return {
    role: isInline ? 'system' : ROLES[message.role],
    blocks: writeParts(message, path, context),
    messages: [{ message, path }],
  }
}

/** Joins a turn to the one before where both have one speaker (traps 66, 75); leaves out one that has nothing to say. */
function addTurn(turns: Turn[], turn: Turn, report: ReportLoss): void {
  const isGone =
    turn.blocks.length === 0 && turn.messages.every(({ message }) => message.parts.length > 0 || !isOwn(message))
  if (isGone) {
    for (const { message, path } of turn.messages) giveBack({}, message, path, report)
    return
  }
  const last = turns.at(-1)
  if (last === undefined || last.role !== turn.role || (areOwn(last) && areOwn(turn))) {
    turns.push(turn)
    return
  }
  last.blocks.push(...turn.blocks)
  last.messages.push(...turn.messages)
}

function areOwn(turn: Turn): boolean {
  return turn.messages.every(({ message }) => isOwn(message))
}

function writeTurn(turn: Turn, report: ReportLoss): WireMessage {
  const blocks = areOwn(turn) && turn.messages.length > 0 ? turn.blocks : putResultsFirst(turn.blocks)
  const messages = turn.messages.map(({ message }) => message)
  const isBare = blocks.length === 0 && messages.some((message) => isSpelled(message, 'bare'))
  const wire: WireMessage = { role: turn.role, ...(isBare ? {} : { content: joinBlocks(blocks, messages) }) }
  for (const { message, path } of turn.messages) giveBack(wire, message, path, report)
  return wire
}

/** The API wants the results of calls before all else that the user says (trap 67). */
function putResultsFirst(blocks: readonly PlacedBlock[]): readonly PlacedBlock[] {
  const isResult = ({ block }: PlacedBlock) => block.type === 'tool_result'
  return [...blocks.filter(isResult), ...blocks.filter((placed) => !isResult(placed))]
}
