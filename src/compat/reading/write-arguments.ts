/** Writes the arguments of one call as JSON text, member by member, as they are read. */

import { coerce, coerceText } from '../tools/coerce.ts'
import type { OfferedTool } from '../tools/tool-book.ts'
import type { CallHead, CallSink } from './desk.ts'
import { escapeJson } from './escape-json.ts'
import { type Literal, writeLiteral } from './literal.ts'
import { parseLiteral } from './read-literal.ts'

export interface ArgumentsWriter {
  readonly tool: OfferedTool
  /** The tool has such a parameter, or nothing is known of its parameters. */
  knows(name: string): boolean
  has(name: string): boolean
  /** Whether a string is told as it comes. Else it is told when it is complete, since the schema may want something else. */
  streams(name: string, typed: boolean): boolean
  open(name: string): void
  piece(text: string): void
  close(): void
  /** The same in one step. */
  string(name: string, text: string): void
  /** A whole value of a typed notation. */
  value(name: string, value: Literal): void
  /** A whole value of a notation in which everything is text. */
  text(name: string, text: string): void
  /** The same, where it is known that the text is no string, whatever the schema says or does not say. */
  typed(name: string, text: string): void
  end(whole: boolean): void
}

/** One parameter of such a name, which the tool does not have, holds all the arguments. */
const ENVELOPES: ReadonlySet<string> = new Set(['arguments', 'parameters', 'input', 'args'])

/** Starts the call. */
export function writeArguments(calls: CallSink, head: CallHead): ArgumentsWriter {
  const { tool } = head
  const written = new Set<string>()
  let envelope: readonly [name: string, value: Literal] | undefined
  // What stands between values goes with what comes next: a piece less for each.
  let pending = '{'
  calls.start(head)

  function say(piece: string): void {
    const text = pending + piece
    pending = ''
    calls.arguments(text)
  }

  function key(name: string): void {
    const held = envelope
    envelope = undefined
    if (held !== undefined) member(...held)
    pending += `${written.size === 0 ? '' : ','}${JSON.stringify(name)}:`
    written.add(name)
  }

  function member(name: string, value: Literal): void {
    key(name)
    say(writeLiteral(coerce(value, tool.property(name))))
  }

  function mayBeEnvelope(name: string): boolean {
    if (tool.parameters === undefined) return false
    return ENVELOPES.has(name) && written.size === 0 && envelope === undefined && tool.property(name) === undefined
  }

  return {
    tool,
    knows: (name) => tool.parameters === undefined || tool.property(name) !== undefined,
    has: (name) => written.has(name) || envelope?.[0] === name,
    streams(name, typed) {
      if (mayBeEnvelope(name)) return false
      const types = tool.property(name)?.types
      if (types === undefined) return true
      return typed ? types.includes('string') : types.every((type) => type === 'string')
    },
    open(name) {
      key(name)
      pending += '"'
    },
    piece: (text) => say(escapeJson(text)),
    close() {
      pending += '"'
    },
    string(name, text) {
      key(name)
      say(`"${escapeJson(text)}"`)
    },
    value(name, value) {
      if (mayBeEnvelope(name)) envelope = [name, value]
      else member(name, value)
    },
    text(name, text) {
      if (mayBeEnvelope(name)) envelope = [name, { kind: 'string', text }]
      else {
        key(name)
        say(writeLiteral(coerceText(text, tool.property(name))))
      }
    },
    typed(name, text) {
      const schema = tool.property(name)
      const known = schema?.types !== undefined
      member(name, known ? coerceText(text, schema) : (parseLiteral(text.trim()) ?? { kind: 'string', text }))
    },
    end(whole) {
      const inner = envelope === undefined ? undefined : openEnvelope(envelope[1])
      if (inner !== undefined) {
        envelope = undefined
        for (const [name, value] of inner) member(name, value)
      } else if (envelope !== undefined) {
        const [name, value] = envelope
        envelope = undefined
        member(name, value)
      }
      if (whole) say('}')
      else if (pending !== '') say('')
      calls.end(whole)
    },
  }
}

function openEnvelope(value: Literal): readonly (readonly [string, Literal])[] | undefined {
  const inner = value.kind === 'string' ? parseLiteral(value.text) : value
  return inner?.kind === 'object' ? inner.members : undefined
}
