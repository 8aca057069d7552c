/** Reads arguments whose names are values of their own: `<arg_key>K</arg_key><arg_value>V</arg_value>`. */

import { nextTag } from './peek-tag.ts'
import { type RawValue, readRawValue, type TagMeaning } from './read-raw-value.ts'
import { VERBATIM } from './shapes.ts'
import type { Reading, Source } from './source.ts'
import type { Tag } from './tag.ts'
import { CONTROL_TOKENS } from './tokens.ts'
import type { ArgumentsWriter } from './write-arguments.ts'

const KEY_END = /<\/arg_\w*\s*>|(?=<arg_value\s*>)/i
const MAX_KEY = 1024
/** Tags of other forms, with which a call is closed by mistake. */
const FOREIGN_TAGS: ReadonlySet<string> = new Set(['tool_calls', 'function', 'function_call', 'invoke', 'tool'])

/** Ends behind the closing tag of the call, or before what is none of it. */
export function* readKeyedArguments(source: Source, writer: ArgumentsWriter): Reading {
  for (;;) {
    const tag = yield* nextTag(source)
    if (tag === undefined) {
      source.leaveOpen()
      return
    }
    const isStray = tag.closing && (tag.name === 'arg_value' || tag.name === 'arg_key')
    if (!tag.closing && tag.name !== 'arg_key') return
    source.skip(tag.length)
    // Whatever the tag that closes the call is called.
    if (tag.closing && !isStray) return
    if (isStray) continue
    const key = yield* readKey(source)
    if (key === undefined) {
      source.broken ||= source.ended
      return
    }
    yield* skipToValue(source)
    yield* readRawValue(source, writer, describeValue(key))
  }
}

function* readKey(source: Source): Reading<string | undefined> {
  for (;;) {
    const near = source.text.slice(source.at, source.at + MAX_KEY)
    const match = KEY_END.exec(near)
    if (match !== null) {
      source.skip(match.index + match[0].length)
      return near.slice(0, match.index).trim()
    }
    if (source.ended || source.left >= MAX_KEY) return undefined
    yield
  }
}

/** The closing tag of the name may stand twice, and the opening one of the value may be missing. */
function* skipToValue(source: Source): Reading {
  for (;;) {
    const tag = yield* nextTag(source)
    if (tag === undefined) {
      source.leaveOpen()
      return
    }
    const isKeyEnd = tag.closing && tag.name === 'arg_key'
    if (!isKeyEnd && (tag.closing || tag.name !== 'arg_value')) return
    source.skip(tag.length)
    if (!isKeyEnd) return
  }
}

function describeValue(name: string): RawValue {
  return { name, shape: VERBATIM, stem: 'arg_', mean: meanTag }
}

function meanTag(tag: Tag, text: string, at: number): TagMeaning {
  if (!tag.closing && CONTROL_TOKENS.has(tag.name)) return { kind: 'token' }
  if (tag.name === 'arg_value' && tag.closing) return { kind: 'value' }
  if (tag.name === 'tool_call') return { kind: tag.closing ? 'call' : 'opening' }
  if (FOREIGN_TAGS.has(tag.name)) return { kind: tag.closing ? 'foreign' : 'opening' }
  if (tag.name !== 'arg_key' || tag.closing) return undefined
  const from = at + tag.length
  const end = text.indexOf('<', from)
  if (end < 0) return text.length - from > 256 ? undefined : 'cut'
  return { kind: 'parameter', name: text.slice(from, end).trim() }
}
