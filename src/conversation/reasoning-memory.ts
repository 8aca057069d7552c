/**
 * Keeps what a model thought for clients that cannot: a back end that signs its reasoning, or wants it back as text, gets it
 * back with the next turn although the client has sent the turn without it.
 */
import { createHash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import type { Message } from '../../protocols/ir/message.ts'
import type { Part, ReasoningPart, ToolCallPart } from '../../protocols/ir/part.ts'
import type { ChatRequest } from '../../protocols/ir/request.ts'

export interface ReasoningMemory {
  /**
   * Takes note of a turn that a client has just been given.
   *
   * @param scope whoever may be given it back: turns of another scope are never mixed in.
   */
  remember(scope: string, parts: readonly Part[]): void
  /**
   * The request with the thoughts of earlier turns put back where the client has lost them.
   *
   * @param wanted whether the target is to be given this thought: its own, or any that it wants back as text.
   * @returns the same request when nothing is to be put back.
   */
  restore(scope: string, request: ChatRequest, wanted: (thought: ReasoningPart) => boolean): ChatRequest
}

export interface ReasoningMemoryLimits {
  readonly turns: number
  /** Characters of all thoughts and signatures together. */
  readonly characters: number
  readonly ttlMs: number
}

export const REASONING_MEMORY_LIMITS: ReasoningMemoryLimits = {
  turns: 20_000,
  characters: 64 * 1024 * 1024,
  ttlMs: 24 * 60 * 60_000,
}

/** What one turn had beside what every client can carry. */
interface Turn {
  readonly thoughts: readonly ReasoningPart[]
  /** By position among the calls of the turn. */
  readonly callProofs: readonly (Pick<ToolCallPart, 'signature' | 'issuer'> | undefined)[]
}

export function createReasoningMemory(limits: ReasoningMemoryLimits = REASONING_MEMORY_LIMITS): ReasoningMemory {
  const turns = new LRUCache<string, Turn>({
    max: limits.turns,
    maxSize: limits.characters,
    ttl: limits.ttlMs,
    sizeCalculation: sizeOf,
  })

  return {
    remember(scope, parts) {
      const turn = readTurn(parts)
      const key = keyOf(scope, parts)
      if (turn !== undefined && key !== undefined) turns.set(key, turn)
    },
    restore(scope, request, wanted) {
      if (turns.size === 0) return request
      let changed = false
      const messages = request.messages.map((message) => {
        const turn = message.role === 'assistant' ? turns.get(keyOf(scope, message.parts) ?? '') : undefined
        const restored = turn === undefined ? message : restoreTurn(message, turn, wanted)
        changed ||= restored !== message
        return restored
      })
      return changed ? { ...request, messages } : request
    },
  }
}

/**
 * Ids of calls are not unique over conversations, and a turn without calls has none: so a turn is known by all that it
 * said and called, whatever the protocol that brings it back.
 */
function keyOf(scope: string, parts: readonly Part[]): string | undefined {
  const said: unknown[] = []
  let text = ''
  for (const part of parts) {
    if (part.type === 'text') text += part.text
    if (part.type === 'tool-call') said.push([part.id, part.name, normalize(part.arguments)])
  }
  // White space at the ends is trimmed by some clients.
  const trimmed = text.trim()
  if (said.length === 0 && trimmed === '') return undefined
  const hash = createHash('sha256').update(JSON.stringify([scope, said.length === 0 ? trimmed : said]))
  return hash.digest('base64')
}

/** Clients that hold arguments as an object write them with other white space. */
function normalize(args: string): string {
  try {
    return JSON.stringify(JSON.parse(args))
  } catch {
    return args
  }
}

function readTurn(parts: readonly Part[]): Turn | undefined {
  const thoughts = parts.filter((part) => part.type === 'reasoning')
  const callProofs = parts.flatMap((part) => (part.type === 'tool-call' ? [readProof(part)] : []))
  return thoughts.length === 0 && callProofs.every((proof) => proof === undefined)
    ? undefined
    : { thoughts, callProofs }
}

function readProof({ signature, issuer }: ToolCallPart): Turn['callProofs'][number] {
  if (signature === undefined) return undefined
  return { signature, ...(issuer === undefined ? {} : { issuer }) }
}

function restoreTurn(message: Message, turn: Turn, wanted: (thought: ReasoningPart) => boolean): Message {
  const hasThoughts = message.parts.some((part) => part.type === 'reasoning')
  const thoughts = hasThoughts ? [] : turn.thoughts.filter(wanted)
  let call = 0
  let signed = false
  const parts = message.parts.map((part) => {
    if (part.type !== 'tool-call') return part
    const proof = turn.callProofs[call++]
    if (proof === undefined || part.signature !== undefined) return part
    signed = true
    return { ...part, ...proof }
  })
  return thoughts.length === 0 && !signed ? message : { ...message, parts: [...thoughts, ...parts] }
}

function sizeOf({ thoughts, callProofs }: Turn): number {
  let size = 1
  for (const { text, signature, encrypted } of thoughts) {
    size += text.length + (signature?.length ?? 0) + (encrypted?.length ?? 0)
  }
  for (const proof of callProofs) size += proof?.signature?.length ?? 0
  return size
}
