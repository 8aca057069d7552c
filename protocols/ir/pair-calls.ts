/**
 * Tool calls and their results, made to fit an API that wants each call answered right behind it, once, and no answer without
 * a call (traps 67, 68, 70). Nothing is cut out of what the model said, which may be signed (trap 69).
 */
import type { ReportLoss } from './loss.ts'
import type { Message } from './message.ts'
import type { Part, ToolCallPart, ToolResultPart } from './part.ts'

/** What a call is told to have come to that nobody answered. */
const INTERRUPTED = 'The call was interrupted; there is no result.'
const ORPHAN = 'Result of an earlier tool call:'

interface Placed<Value> {
  readonly value: Value
  readonly path: string
}

interface PairedCalls {
  /** The very ones that were given where all fits, as it does nearly always. */
  readonly messages: readonly Message[]
  /** Takes paths in these messages, and tells them as paths in those that were given. */
  readonly report: ReportLoss
}

/** Where the messages and parts that were made or moved stood. */
type Origins = Map<Message | Part, string>

export function pairCalls(messages: readonly Message[], report: ReportLoss): PairedCalls {
  const origins: Origins = new Map()
  const paired: Message[] = []
  let calls: readonly Placed<ToolCallPart>[] = []
  let replies: Placed<Message>[] = []
  let isChanged = false

  /** What stands between one turn of the assistant and the next. */
  function tellReplies(): void {
    if (fits(calls, replies)) paired.push(...replies.map(({ value }) => value))
    else {
      isChanged = true
      paired.push(...arrange(calls, replies, origins, report))
    }
    replies = []
  }

  for (const [index, message] of messages.entries()) {
    const path = `messages.${index}`
    if (message.role !== 'assistant') {
      replies.push({ value: message, path })
      continue
    }
    // What else a message bears is about itself alone.
    const isAlone = calls.length === 0 || replies.length > 0 || message.extra !== undefined
    const open = isAlone ? undefined : paired.at(-1)
    if (open === undefined) tellReplies()
    noteOrigins(origins, message, path)
    const whole = open === undefined ? message : goOn(open, message)
    const turn = nameApart(whole)
    isChanged ||= turn !== message
    noteOrigins(origins, turn, path)
    if (open === undefined) paired.push(turn)
    else paired[paired.length - 1] = turn
    calls = turn.parts.flatMap((part, place) =>
      part.type === 'tool-call' ? [{ value: part, path: origins.get(part) ?? `${path}.parts.${place}` }] : [],
    )
  }
  tellReplies()
  if (!isChanged) return { messages, report }
  for (const [index, message] of messages.entries()) noteOrigins(origins, message, `messages.${index}`)
  return { messages: paired, report: (path, ...loss) => report(originOf(path, paired, origins), ...loss) }
}

/**
 * A turn that goes on before its calls are answered is one turn: Google's SDK keeps the empty last piece of a stream as a turn of its
 * own, between a call and its result. What it says stands before the calls, as these APIs have it.
 */
function goOn(open: Message, { parts }: Message): Message {
  const said = parts.filter((part) => part.type !== 'text' || part.text !== '' || part.signature !== undefined)
  const isCall = ({ type }: Part) => type === 'tool-call'
  const all = [...open.parts, ...said]
  return { ...open, parts: [...all.filter((part) => !isCall(part)), ...all.filter(isCall)] }
}

/** What has been noted already stays: it was taken apart. */
function noteOrigins(origins: Origins, message: Message, path: string): void {
  if (!origins.has(message)) origins.set(message, path)
  for (const [place, part] of message.parts.entries()) {
    if (!origins.has(part)) origins.set(part, `${path}.parts.${place}`)
  }
}

const PLACE = /^messages\.(\d+)(?:\.parts\.(\d+))?/

function originOf(path: string, messages: readonly Message[], origins: Origins): string {
  const match = PLACE.exec(path)
  const message = match === null ? undefined : messages[Number(match[1])]
  if (match === null || message === undefined) return path
  const part = match[2] === undefined ? undefined : message.parts[Number(match[2])]
  const origin = origins.get(part ?? message)
  return origin === undefined ? path : origin + path.slice(match[0].length)
}

/** Two calls of one turn that bear the same id are told apart, so that each has a result of its own. */
function nameApart(message: Message): Message {
  const used = new Set<string>()
  let isChanged = false
  const parts = message.parts.map((part) => {
    if (part.type !== 'tool-call') return part
    let id = part.id
    for (let count = 2; used.has(id); count++) id = `${part.id}_${count}`
    used.add(id)
    isChanged ||= id !== part.id
    return id === part.id ? part : { ...part, id }
  })
  return isChanged ? { ...message, parts } : message
}

function fits(calls: readonly Placed<ToolCallPart>[], replies: readonly Placed<Message>[]): boolean {
  const open = new Set(calls.map(({ value }) => value.id))
  let hasSpeech = false
  for (const { value: message } of replies) {
    for (const part of message.parts) {
      if (part.type !== 'tool-result') continue
      if (hasSpeech || !open.delete(part.callId)) return false
    }
    hasSpeech ||= message.parts.some(({ type }) => type !== 'tool-result')
  }
  return open.size === 0
}

/** The results of these calls first, then whatever else was said. */
function arrange(
  calls: readonly Placed<ToolCallPart>[],
  replies: readonly Placed<Message>[],
  origins: Origins,
  report: ReportLoss,
): Message[] {
  const results = new Map<string, ToolResultPart>()
  const ids = new Set(calls.map(({ value }) => value.id))
  const said = replies.flatMap(({ value: message, path }): Message[] => {
    const parts = message.parts.flatMap((part, place): Part[] => {
      if (part.type !== 'tool-result') return [part]
      const at = `${path}.parts.${place}`
      const id = openId(part.callId, ids, results)
      if (id !== undefined) {
        const result = id === part.callId ? part : { ...part, callId: id }
        origins.set(result, at)
        results.set(id, result)
      } else if (ids.has(part.callId)) report(at, 'this call has a result already; the first one counts')
      else {
        report(at, 'the call of this result is not in the turn before; it is sent as text', 'changed')
        for (const [index, piece] of part.content.entries()) origins.set(piece, `${at}.content.${index}`)
        return [{ type: 'text', text: ORPHAN }, ...part.content]
      }
      return []
    })
    if (parts.length === 0 && message.parts.length > 0) return []
    const told: Message = { ...message, role: message.role === 'tool' ? 'user' : message.role, parts }
    origins.set(told, path)
    return [told]
  })
  const answers = calls.map(({ value, path }): Message => {
    const found = results.get(value.id)
    if (found === undefined) report(path, 'no result follows this call; it is told as interrupted', 'changed')
    return { role: 'tool', parts: [found ?? interrupt(value)] }
  })
  return [...answers, ...said]
}

/** The id of the first call without a result that a result with this id may belong to. */
function openId(
  id: string,
  ids: ReadonlySet<string>,
  results: ReadonlyMap<string, ToolResultPart>,
): string | undefined {
  let candidate = id
  for (let count = 2; ids.has(candidate); count++) {
    if (!results.has(candidate)) return candidate
    candidate = `${id}_${count}`
  }
  return undefined
}

function interrupt({ id, name, freeform }: ToolCallPart): ToolResultPart {
  const content = [{ type: 'text', text: INTERRUPTED } as const]
  return { type: 'tool-result', callId: id, name, content, ...(freeform === true ? { freeform } : {}) }
}
